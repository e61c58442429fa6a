// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include <sqlite3.h>

namespace ronin::testing {

/// Counts the instructions of SQLite on all connections that are opened while it lives: what a
/// question costs on every machine. One at a time; one thread.
class StepCounter {
 public:
  StepCounter() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&Hook)); }
  ~StepCounter() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&Hook)); }
  StepCounter(const StepCounter&) = delete;
  StepCounter& operator=(const StepCounter&) = delete;

  /// Those of `work`.
  static int64_t Of(const std::function<void()>& work) {
    const int64_t before = steps_;
    work();
    return steps_ - before;
  }

 private:
  static int Hook(sqlite3* database, const char**, const void*) {
    sqlite3_progress_handler(
        database, 1, [](void*) { return ++steps_, 0; }, nullptr);
    return SQLITE_OK;
  }
  static inline int64_t steps_ = 0;
};

}  // namespace ronin::testing
