// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "live/live_feed.h"

namespace ronin::live {

/// The GOP that a stream is in, for who comes in the middle of it. One that is larger than is
/// allowed is not held: who comes then waits for the next keyframe. A value.
class ChunkLog {
 public:
  explicit ChunkLog(uint64_t most_bytes) : most_bytes_(most_bytes) {}

  void Add(const Chunk& chunk);
  void Clear();

  /// From its keyframe on; empty when it is not held.
  std::span<const Chunk> gop() const { return gop_; }
  uint64_t bytes() const { return bytes_; }

 private:
  const uint64_t most_bytes_;
  std::vector<Chunk> gop_;
  uint64_t bytes_ = 0;
};

}  // namespace ronin::live
