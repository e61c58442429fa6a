// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include <glib.h>

namespace ronin {

/// A timer or descriptor watch on the default main context that ends with its owner.
/// Thread: main. The callback may destroy the Source that runs it.
class Source {
 public:
  using Millis = std::chrono::milliseconds;

  Source() noexcept = default;
  Source(Source&& other) noexcept : source_(std::exchange(other.source_, nullptr)) {}
  Source& operator=(Source&& other) noexcept;
  ~Source() { Cancel(); }

  /// Runs `callback` once, after `delay`.
  static Source After(Millis delay, std::function<void()> callback);
  /// Runs `callback` again and again, first after `interval`.
  static Source Every(Millis interval, std::function<void()> callback);
  /// Runs `callback` when `fd` is in one of `conditions`, for as long as it returns true.
  static Source OnFd(int fd, GIOCondition conditions, std::function<bool(GIOCondition)> callback);
  /// Runs `callback` when the process gets the signal, again and again.
  static Source OnSignal(int signal_number, std::function<void()> callback);

  void Cancel() noexcept;
  /// False before it is set, after Cancel() and after a one-shot has run.
  bool active() const noexcept;

 private:
  static Source Attach(GSource* source, std::function<bool()> callback);
  GSource* source_ = nullptr;
};

}  // namespace ronin
