// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/stream_id.h"

namespace ronin::camera {

/// How much media of one camera may be held in memory, unless the configuration says otherwise.
constexpr uint64_t kCameraMemory = 96U << 20;

/// What one stream may hold of its camera's memory, in bytes, in each place where media can pile
/// up. Shares, and no common pool: what piles up in one place takes nothing from the others. What
/// two places hold by reference counts in both. Beyond it: what elements have in their hands, two
/// fragments at most, and what comes in the 2 s in which a recording ends and the next one begins.
struct MemoryShares {
  uint64_t received;       ///< packets that are no picture yet
  uint64_t recorded;       ///< video on its way to the disk
  uint64_t sound;          ///< … and sound; as much again on its way to viewers, by either way
  uint64_t keyframe;       ///< the newest one, for snapshots
  uint64_t live;           ///< video on its way to viewers
  uint64_t live_gop;       ///< the segment for viewers that is being made, twice at most
  uint64_t live_kept;      ///< segments for viewers
  uint64_t feed_held;      ///< the newest GOP, for who begins to look at a feed
  uint64_t feed_chunks;    ///< … and in chunks while somebody does, with those on their way
  uint64_t low_latency;    ///< parts and segments of low-latency HLS
  uint64_t restream_held;  ///< the newest GOP, for clients of the restream

  constexpr uint64_t sum() const {
    return received + recorded + 3 * sound + keyframe + live + 2 * live_gop + live_kept +
           feed_held + feed_chunks + low_latency + restream_held;
  }
};

/// @param camera  most bytes of the camera; the sums of its two streams are no more than that
constexpr MemoryShares SharesOf(uint64_t camera, StreamKind stream) {
  const uint64_t part = camera / 294;
  if (stream == StreamKind::kMain) {
    return {.received = 20 * part,
            .recorded = 76 * part,
            .sound = 2 * part,
            .keyframe = 12 * part,
            .live = 8 * part,
            .live_gop = 8 * part,
            .live_kept = 24 * part,
            .feed_held = 20 * part,
            .feed_chunks = 24 * part,
            .low_latency = 24 * part,
            .restream_held = 12 * part};
  }
  return {.received = 4 * part,
          .recorded = 12 * part,
          .sound = 2 * part,
          .keyframe = 0,
          .live = 2 * part,
          .live_gop = 2 * part,
          .live_kept = 6 * part,
          .feed_held = 4 * part,
          .feed_chunks = 6 * part,
          .low_latency = 6 * part,
          .restream_held = 2 * part};
}

}  // namespace ronin::camera
