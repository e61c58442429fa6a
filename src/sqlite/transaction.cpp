// SPDX-License-Identifier: MIT
#include "sqlite/transaction.h"

#include <cassert>

namespace ronin {

Result<Transaction> Transaction::Begin(Database& database) {
  const bool is_inner = database.in_transaction();
  if (auto begun = database.Execute(is_inner ? "SAVEPOINT inside" : "BEGIN IMMEDIATE"); !begun) {
    return Fail(std::move(begun.error()));
  }
  return Transaction(database, is_inner);
}

Transaction::~Transaction() {
  // It can fail only when SQLite has rolled back by itself.
  if (database_ == nullptr) return;
  (void)database_->Execute(is_inner_ ? "ROLLBACK TO inside; RELEASE inside" : "ROLLBACK");
}

Status Transaction::Commit() {
  assert(database_ != nullptr);
  auto committed = database_->Execute(is_inner_ ? "RELEASE inside" : "COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace ronin
