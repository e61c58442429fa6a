// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/g_ref.h"

namespace ronin::live {

/// What a player needs before the first chunk: the init segment and what is in it. A value.
struct Init {
  GRef<GBytes> bytes;       ///< `ftyp moov`
  std::string mime;         ///< for MediaSource: `video/mp4; codecs="avc1.4d0028,mp4a.40.2"`
  std::string video_codec;  ///< "avc1.4d0028", "hvc1.1.6.L120.90"
  std::string audio_codec;  ///< "mp4a.40.2"; empty: there is no sound
  int width = 0;            ///< pixels
  int height = 0;           ///< pixels
  uint32_t timescale = 0;   ///< of the video's times in the chunks, units per second
};

/// One frame of video with the sound that came with it: `[prft] moof mdat`. Media time is UTC since
/// 1970 on one axis for all connections of a camera. A value; the bytes are shared and never
/// change.
struct Chunk {
  GRef<GBytes> bytes;
  bool key = false;                        ///< it begins with a keyframe
  std::chrono::nanoseconds decode_time{};  ///< since 1970: the `tfdt` of the video
  std::chrono::nanoseconds duration{};     ///< predicted; the next decode time puts it right
  WallTime taken{};                        ///< when the frame was taken
  uint64_t number = 0;                     ///< one more for each chunk of a feed; see OnChunks
};

/// Why nothing comes (now, or any more).
struct FeedEnd {
  std::string code;      ///< a camera's error ("unreachable"), "disabled", "removed", "stuck"
  std::string sentence;  ///< for people
  bool final = false;    ///< the camera was removed: nothing comes on this subscription any more
};

/// Who looks at a stream. Called on main, from the loop, never inside a call to the hub. It may end
/// its subscription, or begin others, in any of these calls. It must not block.
class FeedListener {
 public:
  virtual ~FeedListener() = default;
  /// Before the first chunk, and again when the stream changed (resolution, codec, sound) or the
  /// camera came back. The chunk that follows is a keyframe's; its time may lie before that of the
  /// last one, by a GOP at most.
  virtual void OnInit(const Init& init) = 0;
  /// All that is new, at least one, in order. The first call after OnInit brings the GOP that the
  /// camera is in, from its keyframe on. Numbers rise by one; where some are left out (this process
  /// was too slow), the next chunk is a keyframe's.
  virtual void OnChunks(std::span<const Chunk> chunks) = 0;
  /// The camera is away. Who stays subscribed gets OnInit when it is back, unless this is final.
  virtual void OnEnd(const FeedEnd& end) = 0;
};

}  // namespace ronin::live
