// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace ronin::camera {

/// Maps the media time of one connection to UTC.
///
/// The frame that came with the least delay says best when it was taken: the smallest (arrival -
/// media time) of the last minute wins. A minute of arrivals, since after a pause the frames of
/// many minutes come at once, all of them late. The mapping follows it by at most 500 ppm, so that
/// the times of one connection neither overlap nor tear; by 2 % while it is more than 100 ms off,
/// as after a camera that begins with a burst of old frames. Only in the first 0.3 s it follows at
/// once: what came while the connection was set up is late, and nothing is written yet. A step of
/// the system's clock of more than 2 s is followed at once. Threads: Observe on the video's
/// streaming thread, SetFloor before the first, the rest on any.
class ClockMap {
 public:
  /// The connection's first frame is not earlier than this: the end of what was recorded before.
  void SetFloor(WallTime floor) { floor_us_ = ToMicros(floor); }

  /// @param pts_ns  media time of a frame, in ns
  /// @param mono    when it came, on the monotonic clock
  /// @param now     when it came, in UTC
  void Observe(uint64_t pts_ns, MonoTime mono, WallTime now);

  /// The UTC of a media time. Before the first Observe() it is 1970.
  WallTime ToWall(uint64_t pts_ns) const;

 private:
  int64_t LeastDelay(int64_t mono_us, int64_t delay_us);

  static constexpr int64_t kHalfWindowUs = 30'000'000;
  static constexpr int64_t kStepUs = 2'000'000;
  static constexpr int64_t kFarUs = 100'000;
  static constexpr int64_t kSlowPpm = 500;
  static constexpr int64_t kFastPpm = 20'000;
  static constexpr int64_t kSettleUs = 300'000;  // of media; less than what muxers take for a step

  std::atomic<int64_t> offset_us_{0};
  std::optional<int64_t> floor_us_;

  // Streaming thread.
  bool started_ = false;
  int64_t first_pts_us_ = 0;
  int64_t last_pts_us_ = 0;
  int64_t base_us_ = 0;          // UTC less monotonic, as last seen
  int64_t window_start_us_ = 0;  // when the first frame of the newer half of the window came
  int64_t newer_us_ = 0;         // least delay in that half
  int64_t older_us_ = 0;         // … in the one before
};

}  // namespace ronin::camera
