// SPDX-License-Identifier: MIT
#include "sqlite/transaction.h"

#include <cassert>

namespace ronin {

Result<Transaction> Transaction::Begin(Database& database) {
  if (auto begun = database.Execute("BEGIN IMMEDIATE"); !begun) {
    return Fail(std::move(begun.error()));
  }
  return Transaction(database);
}

Transaction::~Transaction() {
  // It can fail only when SQLite has rolled back by itself.
  if (database_ != nullptr) (void)database_->Execute("ROLLBACK");
}

Status Transaction::Commit() {
  assert(database_ != nullptr);
  auto committed = database_->Execute("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace ronin
