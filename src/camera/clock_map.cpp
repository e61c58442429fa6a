// SPDX-License-Identifier: MIT
#include "camera/clock_map.h"

#include <algorithm>
#include <cstdlib>

namespace ronin::camera {

int64_t ClockMap::LeastDelay(int64_t mono_us, int64_t delay_us) {
  if (!started_) {
    window_start_us_ = mono_us;
    newer_us_ = older_us_ = delay_us;
  } else if (mono_us - window_start_us_ >= kHalfWindowUs) {
    window_start_us_ = mono_us;
    older_us_ = newer_us_;
    newer_us_ = delay_us;
  }
  newer_us_ = std::min(newer_us_, delay_us);
  return std::min(newer_us_, older_us_);
}

void ClockMap::Observe(uint64_t pts_ns, MonoTime mono, WallTime now) {
  const auto pts_us = int64_t(pts_ns / 1000);
  const auto mono_us = int64_t(mono.time_since_epoch().count());
  const int64_t base_us = ToMicros(now) - mono_us;
  const int64_t target = LeastDelay(mono_us, mono_us - pts_us) + base_us;
  const bool stepped = started_ && std::abs(base_us - base_us_) > kStepUs;
  base_us_ = base_us;
  if (!started_) {
    const int64_t floor = floor_us_ ? *floor_us_ - pts_us : target;
    offset_us_ = std::max(target, floor);
    first_pts_us_ = pts_us;
  } else if (stepped) {
    offset_us_ = target;
  } else if (pts_us - first_pts_us_ < kSettleUs) {
    const int64_t passed = std::max<int64_t>(pts_us - last_pts_us_, 0);
    const int64_t least = floor_us_ ? std::max(target, *floor_us_ - first_pts_us_) : target;
    offset_us_ = std::clamp<int64_t>(least, offset_us_ - passed, offset_us_);
  } else {
    const int64_t passed = std::max<int64_t>(pts_us - last_pts_us_, 0);
    const int64_t off = target - offset_us_;
    const int64_t most = passed * (std::abs(off) > kFarUs ? kFastPpm : kSlowPpm) / 1'000'000;
    offset_us_ += std::clamp(off, -most, most);
  }
  started_ = true;
  last_pts_us_ = std::max(last_pts_us_, pts_us);
}

WallTime ClockMap::ToWall(uint64_t pts_ns) const {
  return FromMicros(int64_t(pts_ns / 1000) + offset_us_);
}

}  // namespace ronin::camera
