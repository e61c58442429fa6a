// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "live/live_feed.h"
#include "live/ll_pace.h"
#include "live/ll_playlist.h"
#include "live/ll_segment.h"

namespace ronin::live {

/// The newest of one stream as Low-Latency HLS (RFC 8216bis): frames become parts, parts become
/// segments, each of which begins with a keyframe unless GOPs are longer than a segment may be.
/// Numbers rise for ever, also over reconnects. Before the first segment it lists one that is a
/// gap, so that players start within the first GOP. Knows no time but that of the frames, no
/// camera and no HTTP. Thread: any one.
class LlWindow {
 public:
  struct Options {
    uint64_t memory = 0;         ///< bytes of segments; the open one and the last stay anyway
    std::string query;           ///< behind each name in the playlist
    int64_t first_number = 1;    ///< of segments
    std::optional<Nanos> gop{};  ///< from keyframe to keyframe; none: the first one is measured
  };
  explicit LlWindow(Options options);

  /// Another init segment: where there was media already, a discontinuity.
  void Begin(GRef<GBytes> init);
  /// The next frame. Those before the first keyframe are left out.
  void Add(const Chunk& chunk);
  /// Nothing more comes for now: what is there is a segment.
  void End();

  /// Whether a player can start.
  bool ready() const;
  /// Which part comes next; 0.0 before it is known.
  LlPartId next() const;
  /// The whole playlist, or the part of it that is new to who knows an older one.
  const std::string& Playlist(bool delta) const;

  enum class Look {
    kThere,    ///< the playlist has it, or what is newer
    kLater,    ///< it comes next, or soon
    kInvalid,  ///< nobody who has read the playlist asks for that
  };
  /// For a blocking reload: the segment, or one part of it.
  Look LookFor(int64_t segment, std::optional<int64_t> part) const;

  struct FoundPart {
    GRef<GBytes> bytes;  ///< none: it is gone, or nobody knows it
    bool later = false;  ///< it comes next
  };
  FoundPart Part(LlPartId id) const;
  /// A whole one; nothing when it is gone or yet to come.
  GRef<GBytes> Segment(int64_t number);
  /// The init segment of a number in the playlist; the newest without one.
  GRef<GBytes> Init(std::optional<int64_t> number) const;

  uint64_t bytes() const { return bytes_; }
  const std::optional<LlPace>& pace() const { return pace_; }

 private:
  bool ChoosePace();
  Nanos UsualFrame() const;
  void Take(const Chunk& chunk);
  bool EndsSegment(const Chunk& chunk) const;
  void OpenSegment(const Chunk& chunk);
  void OpenGap(const Chunk& chunk);
  void ClosePart(bool last);
  void CloseSegment();
  void Forget();
  size_t FirstListed() const;
  LlSegment* open();
  const LlSegment* open() const;

  const Options options_;
  std::optional<LlPace> pace_;
  std::deque<Chunk> early_;  // until the pace is known
  std::map<int64_t, GRef<GBytes>> inits_;
  int64_t newest_init_ = 0;
  std::deque<LlSegment> segments_;  // the last one may be open
  uint64_t bytes_ = 0;
  int64_t next_number_;
  int64_t gone_discontinuities_ = 0;
  bool discontinuity_ = false;  // of the next segment
  bool needs_keyframe_ = true;
  Nanos last_decode_{};  // of the frame before; 0: there is none
  // The part that is being made.
  std::vector<GRef<GBytes>> frames_;
  bool has_keyframe_ = false;
  Nanos lasts_{};                 // with what parts before were said to last too little
  Nanos elapsed_{};               // of the open segment, in truth
  Nanos slow_frame_{};            // longer than the pace allows; 0: they are not
  uint64_t usual_frames_ = 0;     // in a segment; 0: not known
  mutable std::string playlist_;  // empty: to be written
  mutable std::string delta_;
};

}  // namespace ronin::live
