// SPDX-License-Identifier: MIT
#include "base/clock.h"

namespace ronin {

WallTime SystemClock::Now() const {
  return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
}

MonoTime SystemClock::Mono() const {
  return std::chrono::time_point_cast<Micros>(std::chrono::steady_clock::now());
}

}  // namespace ronin
