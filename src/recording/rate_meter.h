// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>

#include "base/clock.h"

namespace ronin::recording {

/// How fast something grows, over the last five minutes, from what it has grown by every ten
/// seconds. A value; its owner's thread.
class RateMeter {
 public:
  /// @param grown  since the last Add(), in whatever unit
  void Add(uint64_t grown, MonoTime now) {
    constexpr Micros kWindow = std::chrono::minutes(5);
    total_ += grown;
    samples_.push_back({now, total_});
    while (samples_.size() > 2 && now - samples_[1].at >= kWindow) samples_.pop_front();
  }
  /// 0 before the second Add().
  double PerSecond() const {
    if (samples_.size() < 2) return 0;
    const Micros time = samples_.back().at - samples_.front().at;
    if (time <= Micros(0)) return 0;
    return double(samples_.back().total - samples_.front().total) * 1e6 / double(time.count());
  }

 private:
  struct Sample {
    MonoTime at{};
    uint64_t total = 0;
  };
  uint64_t total_ = 0;
  std::deque<Sample> samples_;  // at most 32
};

}  // namespace ronin::recording
