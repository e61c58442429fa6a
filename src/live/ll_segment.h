// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/g_ref.h"
#include "live/ll_pace.h"

namespace ronin::live {

/// Some frames of a low-latency stream that are handed out together.
struct LlPart {
  GRef<GBytes> bytes;
  Nanos duration{};  ///< as the playlist says; the truth on average
  bool has_keyframe = false;
};

/// A segment of a low-latency stream, whole or still growing.
struct LlSegment {
  int64_t number = 0;
  int64_t init = 0;  ///< the number of its init segment
  WallTime start{};
  Nanos duration{};  ///< the sum of its parts
  std::vector<LlPart> parts;
  GRef<GBytes> joined;  ///< all of them, once somebody asked; then they are slices of it
  uint64_t bytes = 0;
  uint64_t frames = 0;
  bool independent = false;    ///< begins with a keyframe
  bool discontinuity = false;  ///< … and does not go on where the one before ended
  bool gap = false;            ///< stands for what was before the stream began; has no media
  bool whole = false;
  bool parts_are_listed = true;
};

}  // namespace ronin::live
