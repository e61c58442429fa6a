// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mp4/box_writer.h"

namespace ronin_plugin {

/// One frame of a fragment, in units of its track. A value.
struct FragmentSample {
  uint32_t duration = 0;
  uint32_t size = 0;   ///< bytes
  int32_t offset = 0;  ///< presentation minus decode time
};

/// One track's part of a fragment. A value.
struct FragmentTrack {
  uint64_t decode_time = 0;  ///< of its first sample
  std::vector<FragmentSample> samples;
};

/// When the first video frame was taken, for `prft` (ISO/IEC 14496-12, 8.16.5).
struct ProducerTime {
  int64_t utc_ns = 0;       ///< since 1970
  uint64_t media_time = 0;  ///< in units of the video track
};

/// A fragment to write: all tracks in one `moof`. The payload in `mdat` is the audio, then the
/// video, because audio is small and may be copied in with the headers.
struct Fragment {
  uint32_t sequence = 1;
  bool keyframe = false;  ///< the first video sample
  FragmentTrack video;
  FragmentTrack audio;  ///< without samples: left out
  std::optional<ProducerTime> producer_time;
};

/// Appends `prft`, `moof` and the header of `mdat`; after it belongs the payload.
void WriteFragment(const Fragment& fragment, Bytes& out);

}  // namespace ronin_plugin
