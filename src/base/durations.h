// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace ronin {

/// How long something took, counted by length. Any thread.
class Durations {
 public:
  /// Seconds. What took longer than one of them counts for the next.
  static constexpr std::array kLimits = {0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0};

  struct Reading {
    std::array<uint64_t, kLimits.size() + 1> counts{};  ///< by limit; the last: beyond all of them
    double sum_s = 0;
  };

  void Add(Micros took) {
    const double seconds = double(took.count()) / 1e6;
    const auto limit = std::lower_bound(kLimits.begin(), kLimits.end(), seconds);
    counts_[size_t(limit - kLimits.begin())].fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(took.count(), std::memory_order_relaxed);
  }

  Reading Read() const {
    Reading out;
    for (size_t i = 0; i < counts_.size(); ++i) {
      out.counts[i] = counts_[i].load(std::memory_order_relaxed);
    }
    out.sum_s = double(sum_us_.load(std::memory_order_relaxed)) / 1e6;
    return out;
  }

 private:
  std::array<std::atomic<uint64_t>, kLimits.size() + 1> counts_{};
  std::atomic<int64_t> sum_us_{0};
};

}  // namespace ronin
