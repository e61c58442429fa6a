// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace ronin::recording {

/// A time in which no picture came although the stream went on.
struct Hole {
  WallTime start{};   ///< the end of the picture before
  WallTime end{};     ///< the picture behind
  bool lost = false;  ///< packets were lost on the way; else the camera sent none
};

/// Notices in a running stream when pictures stay away for longer than 2.5 of the usual frame
/// intervals, which is what a gap is. A camera that sends fewer pictures from now on (at night,
/// say) leaves none out: below a second, a long interval is a hole only when a shorter one follows.
///
/// The usual interval is the median of the last 15. Pictures come in decoding order, so they are
/// looked at a few later, in the order in which they are shown. Value of one streaming thread.
class HoleWatch {
 public:
  struct Picture {
    uint64_t pts_ns = 0;
    WallTime utc{};
    bool lost_before = false;  ///< packets before it are missing
  };

  explicit HoleWatch(std::function<void(const Hole&)> on_hole) : on_hole_(std::move(on_hole)) {}

  void Look(const Picture& picture);
  /// The stream ends, or its time begins anew: what is still held back is looked at.
  void Flush();

 private:
  static constexpr size_t kHeld = 4;  // as far as B-frames change the order, and more
  static constexpr size_t kIntervals = 15;
  static constexpr size_t kEnough = 3;  // intervals, to know what is usual
  static constexpr uint64_t kLong = 1'000'000'000;

  void Shown(const Picture& picture);
  uint64_t Usual() const;
  void Learn(uint64_t interval);

  std::function<void(const Hole&)> on_hole_;
  std::vector<Picture> held_;  // by time, at most kHeld + 1
  std::optional<Picture> last_;
  std::array<uint64_t, kIntervals> intervals_{};  // the newest, as a ring
  size_t learned_ = 0;
  struct Suspect {
    Hole hole;
    uint64_t interval;
  };
  std::optional<Suspect> suspect_;  // what follows tells what it is
};

}  // namespace ronin::recording
