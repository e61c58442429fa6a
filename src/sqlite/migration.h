// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "sqlite/database.h"

namespace ronin {

/// One step of a schema, from data/migrations/; embedded into the program by the build.
struct Migration {
  int number;        ///< 1, 2, 3, … without a hole
  const char* name;  ///< its file's name
  const char* sql;
};

/// The schema of the database: how many migrations it has had (PRAGMA user_version).
Result<int64_t> SchemaVersion(Database& database);

/// Brings the database to the newest schema: runs the missing steps in order, each in one
/// transaction with its new version, so that a crash leaves the schema before or after a step.
/// Errors: kUnsupported when the database has had more steps than there are; else the step's.
Status Migrate(Database& database, std::span<const Migration> migrations);

}  // namespace ronin
