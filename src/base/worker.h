// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace ronin {

/// A named thread that runs jobs one after the other; the place for what may block (disk, SQLite,
/// state changes). Post from any thread; answers go back through the caller's Mailbox.
class Worker {
 public:
  /// @param name shown by `ps -L` and gdb; at most 15 characters
  explicit Worker(std::string name);
  /// Runs what was posted before, then joins. Jobs posted after that are dropped.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Any thread; returns at once. False when the worker is ending, and then the job is dropped.
  bool Post(std::function<void()> job);

  /// Runs all jobs posted so far and joins the thread; later posts are refused. Owner's thread.
  void Stop();

  /// Jobs that wait or run; a health figure. Any thread.
  size_t depth() const { return depth_.load(std::memory_order_relaxed); }

 private:
  void Run();

  std::string name_;
  std::mutex mutex_;  // guards jobs_ and ending_
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool ending_ = false;
  std::atomic<size_t> depth_{0};
  std::thread thread_;
};

}  // namespace ronin
