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

/// Whose file it is, as roninfragmux wrote into its header.
struct Mp4Origin {
  std::string camera_uuid;       ///< in small letters; empty: not said
  bool sub_stream = false;       ///< else the main one
  std::optional<WallTime> zero;  ///< UTC of the file's own time 0; nothing: not said
  bool operator==(const Mp4Origin&) const = default;
};

/// What a fragmented MP4 holds, found by its box headers alone.
struct Mp4Scan {
  uint64_t whole_bytes = 0;  ///< the header and all fragments up to the last complete one
  uint64_t torn_bytes = 0;   ///< what follows it: an incomplete fragment, or garbage
  uint64_t fragments = 0;    ///< complete pairs of moof and mdat
  uint64_t damaged = 0;      ///< fragments inside whole_bytes whose moof makes no sense
  uint64_t frames = 0;       ///< video samples in the complete fragments
  Micros begin{};            ///< of the first picture, in the file's own time
  Micros duration{};         ///< of the video track, first to last sample
  bool unindexed = false;    ///< see ScanMp4Media(); ScanMp4() does not look
  std::optional<Mp4Video> video;
  std::optional<Mp4Audio> audio;
  std::optional<Mp4Origin> origin;  ///< nothing: the recorder did not make it
};

/// Walks the file at `path`: `ftyp moov` and then fragments, as mp4mux writes to a sink that cannot
/// seek and as our own muxer does. Trusts nothing in it. May block; any thread.
/// Errors: kCorrupt when it does not begin with a whole header, kUnsupported for an MP4 without
/// fragments, and what opening a file can bring.
Result<Mp4Scan> ScanMp4(const std::string& path);

/// As ScanMp4(), for a file that was closed in order with so many bytes and frames of video: only
/// its beginning and its end are read, since its thousands of fragments lie far apart on a disk.
/// Then `fragments`, `begin` and `duration` are not told. One that is not as it must be is scanned
/// as a whole.
Result<Mp4Scan> ScanClosedMp4(const std::string& path, uint64_t size_bytes, uint64_t frames);

/// As ScanMp4(), and reads the media of the last fragments: what a power cut left without its data
/// is torn, even if its boxes are whole. So is an index that is not that of the fragments; a file
/// of the recorder that ends without one is `unindexed`. For files that nobody writes. May block;
/// any thread. Errors: as ScanMp4().
Result<Mp4Scan> ScanMp4Media(const std::string& path);

/// Whose file it is, by its header alone; nothing when it does not say so, or is no MP4. May block;
/// any thread. Errors: what opening and reading a file can bring.
Result<std::optional<Mp4Origin>> ReadMp4Origin(const std::string& path);

/// Shortens the file to `scan.whole_bytes`, durably, if something is torn. Only a file that begins
/// with `ftyp` and `moov` and has the scanned size is touched. May block; any thread.
/// Errors: kConflict when the file is not what was scanned; what the disk brings.
Status CutTornTail(const std::string& path, const Mp4Scan& scan);

/// Appends the index that roninfilesink writes at the end of a file, durably, to one that is
/// `unindexed` and has no torn end any more. Whoever is killed in it leaves a torn index, which the
/// next scan finds. Returns its size in bytes. May block; any thread.
/// Errors: kConflict when the file is not what was scanned; what the disk brings, and then it is as
/// it was.
Result<uint64_t> AppendMp4Index(const std::string& path, const Mp4Scan& scan);

}  // namespace ronin
