// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace ronin::camera {

/// One coded video frame, in the order in which it came.
struct LoggedFrame {
  uint64_t pts_ns = 0;
  uint64_t bytes = 0;
  bool keyframe = false;
};

/// What a few seconds of a video track tell. Values.
struct FrameFigures {
  using Nanos = std::chrono::nanoseconds;

  double fps = 0;           ///< 0: fewer than two frames
  int64_t bitrate_bps = 0;  ///< over whole GOPs where there are any; 0: unknown
  bool whole_gops = false;  ///< … there were; else a single keyframe may weigh too much
  Nanos span{};             ///< from the first frame to the last
  std::optional<Nanos> keyframe_interval;  ///< mean; nothing: no second keyframe came
  Nanos without_keyframe{};                ///< … but this long none came after the last one
  Nanos reordered{};   ///< by how much pictures are sent later than they are shown: B-frames
  bool steady = true;  ///< the time between pictures is about the same
};

/// The figures of these frames. Any thread.
FrameFigures FiguresOf(const std::vector<LoggedFrame>& frames);

}  // namespace ronin::camera
