// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/mp4_scan.h"

namespace ronin {

/// What the `moov` of a file says, as far as a scan needs it. A value.
struct Mp4Header {
  bool fragmented = false;  ///< has `mvex`
  uint32_t video_track = 0;
  uint32_t video_timescale = 0;         ///< units per second; 0: there is no video
  uint32_t video_default_duration = 0;  ///< of a sample, in these units
  std::optional<Mp4Video> video;
  std::optional<Mp4Audio> audio;
};

/// Reads the content of `moov`; of several tracks of a kind, the first counts. Pure.
Mp4Header ReadMp4Header(std::string_view moov);

}  // namespace ronin
