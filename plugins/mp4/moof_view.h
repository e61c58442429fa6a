// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ronin_plugin {

/// Where in the bytes of a fragment's head (`[prft] moof`) its times stand, and what it says of its
/// first track. A value.
struct MoofView {
  struct Track {
    uint32_t id = 0;
    uint64_t decode_time = 0;  ///< `tfdt`
    size_t tfdt_at = 0;        ///< offset of the number
    bool tfdt_64 = true;       ///< it has 8 bytes, not 4
    uint64_t duration = 0;     ///< of all samples that say theirs
    uint32_t samples = 0;
    bool sync = false;         ///< the first sample is one that decoding can begin with
    int64_t first_offset = 0;  ///< its presentation minus its decode time
  };
  std::vector<Track> tracks;
  size_t moof_at = 0;                 ///< offset of the `moof` box
  std::optional<size_t> producer_at;  ///< offset of the media time in `prft`
  uint64_t producer_time = 0;         ///< that media time

  /// Reads the bytes up to the end of `moof`. Nothing when there is none, or it makes no sense.
  static std::optional<MoofView> Read(const uint8_t* data, size_t size);
};

/// When the first sample is shown, in µs from the `zero` of its track (in units of that); 0 for
/// times that make no sense. Who writes a file's time and who reads it round it alike by this.
int64_t MicrosOfFirst(const MoofView::Track& track, uint64_t zero, uint32_t timescale);

}  // namespace ronin_plugin
