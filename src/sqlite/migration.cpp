// SPDX-License-Identifier: MIT
#include "sqlite/migration.h"

#include <cassert>
#include <string>

#include "base/log.h"
#include "base/text.h"
#include "sqlite/transaction.h"

namespace ronin {
namespace {

Status RunStep(Database& database, const Migration& step) {
  auto transaction = Transaction::Begin(database);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto done = database.Execute(step.sql); !done) return done;
  // A pragma takes no parameters; the number is ours.
  const std::string version = Concat("PRAGMA user_version = ", step.number);
  if (auto done = database.Execute(version.c_str()); !done) return done;
  return transaction->Commit();
}

}  // namespace

Result<int64_t> SchemaVersion(Database& database) {
  auto statement = database.Prepare("PRAGMA user_version");
  if (!statement) return Fail(std::move(statement.error()));
  auto row = statement->Step();
  if (!row) return Fail(std::move(row.error()));
  return statement->Int(0);
}

Status Migrate(Database& database, std::span<const Migration> migrations) {
  const auto version = SchemaVersion(database);
  if (!version) return Fail(version.error());
  if (*version > int64_t(migrations.size()) || *version < 0) {
    return Fail(ErrorKind::kUnsupported,
                Concat("database \"", database.path(),
                       "\" was written by a newer version of RoninNVR (schema ", *version,
                       ", this one knows up to ", migrations.size(),
                       "); install that version again, or restore a backup"));
  }
  for (size_t i = size_t(*version); i < migrations.size(); ++i) {
    assert(migrations[i].number == int(i) + 1);
    if (auto done = RunStep(database, migrations[i]); !done) {
      return Fail(done.error().In(
          Concat("migration ", migrations[i].name, " of database \"", database.path(), "\"")));
    }
    log::Info("sqlite",
              Concat("database ", database.path(), ": ran migration ", migrations[i].name));
  }
  assert(SchemaVersion(database).value_or(-1) == int64_t(migrations.size()));
  return {};
}

}  // namespace ronin
