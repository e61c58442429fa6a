// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "gst/gst_ref.h"
#include "live/live_feed.h"

namespace ronin::live {

/// From the streaming thread that muxes a feed to main: what came waits here, and main is woken
/// once for all of it. What waits is bounded: when main is too slow for that, it goes, and so does
/// all up to the next keyframe. Threads: Take… on the streaming thread, the rest on any.
class FeedIntake {
 public:
  /// An init segment, if there is one, and the chunks behind it.
  struct News {
    std::optional<Init> init;
    std::vector<Chunk> chunks;
  };

  /// @param most_bytes    of chunks that wait
  /// @param first_number  of the first chunk
  /// @param wake          any thread: something waits that Drain() gives; once, until it does
  FeedIntake(uint64_t most_bytes, uint64_t first_number, std::function<void()> wake)
      : number_(first_number), wake_(std::move(wake)), most_bytes_(most_bytes) {}

  /// Buffers as roninlivesink gives them; copied once, into one piece.
  void TakeInit(GstBuffer* buffer);
  void TakeChunk(GstBuffer* buffer);

  /// From now on, of chunks that wait.
  void SetMost(uint64_t bytes);
  /// All that waits, oldest first.
  std::vector<News> Drain();
  /// Frames that were dropped, since main was too slow.
  uint64_t dropped() const;

 private:
  void Wake(std::unique_lock<std::mutex> lock);
  bool MakeRoom(const Chunk& chunk, uint64_t size);

  uint64_t number_;         // streaming thread
  uint32_t timescale_ = 0;  // streaming thread: of the newest init segment; 0: it is not known
  const std::function<void()> wake_;
  mutable std::mutex mutex_;  // guards all below
  uint64_t most_bytes_;
  std::vector<News> news_;
  uint64_t bytes_ = 0;
  uint64_t dropped_ = 0;
  bool lost_ = false;  // nothing is taken before the next keyframe
  bool woken_ = false;
};

}  // namespace ronin::live
