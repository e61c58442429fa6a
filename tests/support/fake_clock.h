// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "base/clock.h"

namespace ronin::testing {

/// A clock that moves only when told. Any thread.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime start = FromMicros(1'795'000'000'000'000))
      : now_us_(ToMicros(start)) {}
  WallTime Now() const override { return FromMicros(now_us_); }
  MonoTime Mono() const override { return MonoTime(Micros(mono_us_)); }

  /// Both clocks go on.
  void Advance(Micros by) {
    now_us_ += by.count();
    mono_us_ += by.count();
  }
  /// Only the wall clock moves, as when somebody sets it.
  void Step(Micros by) { now_us_ += by.count(); }

 private:
  std::atomic<int64_t> now_us_;
  std::atomic<int64_t> mono_us_{1'000'000'000};
};

}  // namespace ronin::testing
