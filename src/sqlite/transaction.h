// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "base/result.h"
#include "sqlite/database.h"

namespace ronin {

/// All or nothing: what is not committed when it ends is rolled back. Takes the write lock at once,
/// so that no statement inside can fail for the lock. Thread-bound; its Database outlives it.
class Transaction {
 public:
  static Result<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Once this returns success it survives a power cut. After a failure it is rolled back.
  Status Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;  // null once it is over
};

}  // namespace ronin
