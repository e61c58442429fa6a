// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace ronin::camera {

/// How long to wait before the next attempt: 0.5 s, doubling up to 15 s, each spread by a fifth so
/// that cameras that failed together do not come back together. Value; thread: its owner's.
class BackOff {
 public:
  static constexpr std::chrono::milliseconds kLongest{15'000};

  /// The wait before the next attempt.
  /// @param spread   a random number in [0, 1)
  /// @param longest  no more than this, spread apart
  std::chrono::milliseconds Next(double spread, std::chrono::milliseconds longest = kLongest);
  /// The attempt worked; the next failure starts again at 0.5 s.
  void Reset() { failures_ = 0; }

 private:
  int failures_ = 0;
};

}  // namespace ronin::camera
