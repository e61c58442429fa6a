// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "base/result.h"
#include "sqlite/database.h"

namespace ronin {

/// All or nothing: what is not committed when it ends is rolled back. Takes the write lock at once,
/// so that no statement inside can fail for the lock. One inside another is a part of it: it can be
/// rolled back by itself, and its Commit() counts when the outer one is committed. Thread-bound;
/// its Database outlives it.
class Transaction {
 public:
  static Result<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)), is_inner_(other.is_inner_) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Once this returns success it survives a power cut. After a failure it is rolled back.
  Status Commit();

 private:
  Transaction(Database& database, bool is_inner) : database_(&database), is_inner_(is_inner) {}
  Database* database_;  // null once it is over
  bool is_inner_;
};

}  // namespace ronin
