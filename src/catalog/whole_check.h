// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <string>

#include "base/result.h"
#include "sqlite/database.h"

namespace ronin {

/// Reads every page and row of a catalog that is in use, on a connection of its own that only
/// reads: the writer never waits for it. Only the catalog's log cannot begin anew meanwhile.
class WholeCheck {
 public:
  /// @param path  of catalog.db
  explicit WholeCheck(std::string path) : path_(std::move(path)) {}

  /// Takes seconds for millions of rows. Errors: kCorrupt with what is damaged; kUnavailable, it
  /// was stopped or cannot be read now. Thread: one that may block; once.
  Status Run();

  /// Ends Run() soon. One that is just about to read goes on: repeat this until it has ended. Any
  /// thread.
  void Stop();

 private:
  const std::string path_;
  std::mutex mutex_;                   // guards the others
  const Database* running_ = nullptr;  // while Run() reads
  bool stopped_ = false;
};

}  // namespace ronin
