// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/mp4_scan.h"

namespace ronin {

/// What a track's samples look like. A value.
struct Mp4SampleKind {
  uint32_t track = 0;
  uint32_t default_size = 0;  ///< bytes, where a fragment says none
  int length_bytes = 0;       ///< in front of each NAL unit; 0: samples hold none
  bool never_zero = false;    ///< a sample of zeros alone is none of this codec
};

/// What the `moov` of a file says, as far as a scan needs it. A value.
struct Mp4Header {
  bool fragmented = false;  ///< has `mvex`
  uint32_t video_track = 0;
  uint32_t video_timescale = 0;         ///< units per second; 0: there is no video
  uint32_t video_default_duration = 0;  ///< of a sample, in these units
  std::optional<Mp4Video> video;
  std::optional<Mp4Audio> audio;
  std::optional<Mp4Origin> origin;
  std::vector<Mp4SampleKind> kinds;  ///< of all tracks
};

/// Reads the content of `moov`; of several tracks of a kind, the first counts. Pure.
Mp4Header ReadMp4Header(std::string_view moov);

}  // namespace ronin
