// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>

namespace ronin::live {

using Nanos = std::chrono::nanoseconds;

inline double InSeconds(Nanos duration) { return double(duration.count()) / 1e9; }

/// How long the parts and segments of a low-latency stream are. Parts are as many whole frames as
/// make a tenth of a second, and their target leaves room for jitter on both sides: a part may
/// last 85 % to 100 % of it (RFC 8216bis, 4.4.4.9). The target duration of segments is chosen
/// once, since it must never change. A value.
struct LlPace {
  Nanos frame{};        ///< that a frame lasts
  Nanos part_target{};  ///< most of a part
  int target_s = 1;     ///< most of a segment, rounded to whole seconds

  /// @param frame  as it is usual
  /// @param gop    from keyframe to keyframe; nothing when none has come to its end yet
  static LlPace For(Nanos frame, std::optional<Nanos> gop);

  /// The same for another duration of frames; segments keep their target.
  LlPace WithFrame(Nanos other) const;

  /// A part may not be said to last less, but for the last one of a segment.
  Nanos least_part() const {
    return std::chrono::ceil<std::chrono::duration<int64_t, std::ratio<1, 100'000>>>(part_target *
                                                                                     85 / 100);
  }
  /// A part is long enough from here on; less than the least, so that jitter evens out.
  Nanos enough() const { return least_part() - std::min(frame / 4, part_target / 8); }
  /// A segment must end before it is said to last this long.
  Nanos most_segment() const { return std::chrono::milliseconds(target_s * 1000 + 490); }
  /// How far from the end players are to keep.
  Nanos hold_back() const { return 3 * part_target; }
  /// Segments that are further from the end may be left out for who knows them.
  std::chrono::seconds skip_until() const { return std::chrono::seconds(6 * target_s); }
};

}  // namespace ronin::live
