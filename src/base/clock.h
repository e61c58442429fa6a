// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace ronin {

using Micros = std::chrono::microseconds;

/// An instant in UTC, in microseconds. What files, rows and answers carry. Can step.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Micros>;

/// An instant on the monotonic clock of this boot. What timeouts and ages are measured with.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Micros>;

/// UTC microseconds since 1970, the form of `*_us` columns.
inline int64_t ToMicros(WallTime t) { return t.time_since_epoch().count(); }
inline WallTime FromMicros(int64_t us) { return WallTime(Micros(us)); }

/// Where the time comes from. Passed in, so that tests set it. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Now() const = 0;
  virtual MonoTime Mono() const = 0;
};

/// The clocks of the machine.
class SystemClock final : public Clock {
 public:
  WallTime Now() const override;
  MonoTime Mono() const override;
};

}  // namespace ronin
