// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace ronin {

struct Mp4Video {
  std::string codec;  ///< sample entry: "avc1", "hvc1", …
  int width = 0;      ///< pixels
  int height = 0;     ///< pixels
};

struct Mp4Audio {
  std::string codec;       ///< sample entry: "mp4a", "Opus", …
  int sample_rate_hz = 0;  ///< 0: not said
  int channels = 0;        ///< 0: not said
};

/// What a fragmented MP4 holds, found by its box headers alone.
struct Mp4Scan {
  uint64_t whole_bytes = 0;  ///< the header and all fragments up to the last complete one
  uint64_t torn_bytes = 0;   ///< what follows it: an incomplete fragment, or garbage
  uint64_t fragments = 0;    ///< complete pairs of moof and mdat
  uint64_t damaged = 0;      ///< fragments inside whole_bytes whose moof makes no sense
  uint64_t frames = 0;       ///< video samples in the complete fragments
  Micros duration{};         ///< of the video track, first to last sample
  std::optional<Mp4Video> video;
  std::optional<Mp4Audio> audio;
};

/// Walks the file at `path`: `ftyp moov` and then fragments, as mp4mux writes to a sink that cannot
/// seek and as our own muxer does. Trusts nothing in it. May block; any thread.
/// Errors: kCorrupt when it does not begin with a whole header, kUnsupported for an MP4 without
/// fragments, and what opening a file can bring.
Result<Mp4Scan> ScanMp4(const std::string& path);

/// As ScanMp4(), and reads the media of the last fragments: what a power cut left without its data
/// is torn, even if its boxes are whole. For files that nobody writes. May block; any thread.
/// Errors: as ScanMp4().
Result<Mp4Scan> ScanMp4Media(const std::string& path);

/// Shortens the file to `scan.whole_bytes`, durably, if something is torn. Only a file that begins
/// with `ftyp` and `moov` and has the scanned size is touched. May block; any thread.
/// Errors: kConflict when the file is not what was scanned; what the disk brings.
Status CutTornTail(const std::string& path, const Mp4Scan& scan);

}  // namespace ronin
