// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace ronin::retention {

/// For how long to leave alone what did not help: 30 s, then twice as long each time, up to an
/// hour. A value.
class Backoff {
 public:
  /// It did not help, once more.
  void Failed(MonoTime now) {
    wait_ = wait_ == Micros(0) ? kFirst : std::min(wait_ * 2, kLongest);
    until_ = now + wait_;
  }
  /// Something is different: it may be tried at once, and waits from the start.
  void Reset() { *this = Backoff(); }
  bool Waits(MonoTime now) const { return now < until_; }

 private:
  static constexpr Micros kFirst = std::chrono::seconds(30);
  static constexpr Micros kLongest = std::chrono::hours(1);
  Micros wait_{0};
  MonoTime until_{};
};

}  // namespace ronin::retention
