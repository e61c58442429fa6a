// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace ronin::recording {

/// Decides at which keyframe a file ends: the first at or after its start + n × duration. The limit
/// moves on by whole durations, so that files average exactly one. Value; its owner's thread.
class SegmentCutter {
 public:
  explicit SegmentCutter(std::chrono::seconds duration) : duration_(duration) {}

  /// True when this keyframe begins a new file. The first one does not: it begins the first file.
  bool Keyframe(WallTime at) {
    if (!limit_) {
      limit_ = at + duration_;
      return false;
    }
    if (at < *limit_) return false;
    while (*limit_ <= at) *limit_ += duration_;
    return true;
  }

 private:
  Micros duration_;
  std::optional<WallTime> limit_;
};

}  // namespace ronin::recording
