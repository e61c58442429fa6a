// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ronin_plugin {

/// Makes decode times out of presentation times that come in decode order, for streams that carry
/// no decode times (RTP). Without reordering both are the same. When frames turn out to be
/// reordered (B-frames), the decode time becomes the smallest presentation time that can still
/// come, so it stays behind by as many frames as were seen to be reordered. A jump of more than 5 s
/// is no reordering: it begins anew. Decode times always rise; presentation times are never
/// touched. Times in ns. Value; not thread-safe.
class DecodeTimes {
 public:
  DecodeTimes() = default;
  /// By how many frames the stream is reordered, if that is known.
  explicit DecodeTimes(size_t depth) : depth_(depth) {}

  /// The decode time of the next frame.
  /// @param frame_ns  what a frame lasts, for the first ones of a reordered stream
  int64_t Next(int64_t pts, int64_t frame_ns);

  /// By how many frames it was seen to be reordered.
  size_t depth() const { return depth_; }

  static constexpr int64_t kStep = 50'000;  ///< ns; where the rule would not rise

 private:
  static constexpr size_t kMaxDepth = 16;           // frames; as H.264 and H.265 allow
  static constexpr int64_t kJump = 5'000'000'000;   // ns; no reordering reaches so far
  std::array<int64_t, kMaxDepth + 1> newest_ = {};  // the largest presentation times, rising
  size_t count_ = 0;                                // of them
  size_t depth_ = 0;                                // by how many frames is reordered
  int64_t last_ = 0;
  bool started_ = false;
};

}  // namespace ronin_plugin
