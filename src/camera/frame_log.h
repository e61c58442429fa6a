// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "camera/frame_figures.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// Looks at the first few seconds of video frames on a pad, changes none of them, and keeps the
/// first keyframe. At most kMostFrames are counted, and a keyframe of 8 MiB is kept.
/// Threads: Take on the pad's streaming thread; the rest on any.
class FrameLog {
 public:
  static constexpr size_t kMostFrames = 2000;

  struct Progress {
    size_t frames = 0;
    size_t keyframes = 0;
    FrameFigures::Nanos span{};         ///< between the earliest and the latest frame
    std::optional<MonoTime> first_at;   ///< when the first one came
    std::optional<MonoTime> newest_at;  ///< … and the newest
  };

  void Take(GstPad* pad, GstBuffer* buffer, MonoTime now);

  Progress progress() const;
  std::vector<LoggedFrame> frames() const;
  /// The first keyframe with its caps; nothing: none came yet, or it was too large.
  GRef<GstSample> keyframe() const;

 private:
  mutable std::mutex mutex_;  // guards all below
  std::vector<LoggedFrame> frames_;
  Progress progress_;
  uint64_t earliest_ns_ = 0;
  uint64_t latest_ns_ = 0;
  GRef<GstSample> keyframe_;
};

}  // namespace ronin::camera
