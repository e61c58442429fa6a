// SPDX-License-Identifier: MIT
#include "camera/clock_map.h"

namespace ronin::camera {

void ClockMap::Observe(uint64_t pts_ns, WallTime arrival) {
  const auto pts_us = int64_t(pts_ns / 1000);
  const int64_t offset = ToMicros(arrival) - pts_us;
  if (first_pts_us_ < 0) {
    first_pts_us_ = pts_us;
    offset_us_ = offset;
  } else if (pts_us - first_pts_us_ <= kLearnUs && offset < offset_us_) {
    offset_us_ = offset;
  }
}

WallTime ClockMap::ToWall(uint64_t pts_ns) const {
  return FromMicros(int64_t(pts_ns / 1000) + offset_us_);
}

}  // namespace ronin::camera
