// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace ronin::camera {

/// Maps the media time of one connection to UTC.
///
/// The frame that came with the least delay says best when it was taken, so during the first two
/// seconds of the connection the smallest (arrival - media time) wins; after that the mapping stays
/// as it is, so that the times of one connection neither overlap nor tear.
/// Threads: Observe on the video's streaming thread, the rest on any.
class ClockMap {
 public:
  /// @param pts_ns   media time of a frame, in ns, never going back
  /// @param arrival  when it came, in UTC
  void Observe(uint64_t pts_ns, WallTime arrival);

  /// The UTC of a media time. Before the first Observe() it is 1970.
  WallTime ToWall(uint64_t pts_ns) const;

 private:
  static constexpr int64_t kLearnUs = 2'000'000;
  std::atomic<int64_t> offset_us_{0};
  int64_t first_pts_us_ = -1;  // streaming thread
};

}  // namespace ronin::camera
