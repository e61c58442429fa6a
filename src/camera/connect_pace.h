// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "base/clock.h"

namespace ronin::camera {

/// Spreads the connections of all cameras over time: some at once, and then one every 80 ms, so
/// that 64 cameras that start together, or are lost together and come back, make no burst. One
/// alone waits for nothing. Value; thread: its owner's.
class ConnectPace {
 public:
  static constexpr int kMain = 8;
  static constexpr int kSub = 16;  ///< as many as a page of the live view: somebody waits for them

  explicit ConnectPace(int at_once = kMain) : at_once_(at_once) {}

  /// Takes the next turn. Turns are given in the order of asking.
  /// @param now  on the monotonic clock
  /// @return how long to wait for it, rounded up; 0: now
  std::chrono::milliseconds Take(MonoTime now);

 private:
  int at_once_;
  MonoTime next_{};  // when the next turn would be, if there had never been a pause
};

}  // namespace ronin::camera
