// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ronin::app {

/// Ends the process when its end takes too long, because a pipeline, a disk or a database hangs:
/// with _exit(), from a thread of its own, since a thread that hangs cannot be joined and may be
/// main. Any thread.
class ExitGuard {
 public:
  ExitGuard() = default;
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
  ~ExitGuard() { Disarm(); }

  /// Once.
  /// @param report  says in the log what hangs, and gives the exit code; on the guard's thread
  void Arm(std::chrono::milliseconds limit, std::function<int()> report);
  /// The end is reached in time. What `report` uses must live until this has returned.
  void Disarm();

 private:
  std::mutex mutex_;  // guards disarmed_
  std::condition_variable wake_;
  bool disarmed_ = false;
  std::thread thread_;
};

}  // namespace ronin::app
