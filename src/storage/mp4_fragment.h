// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/mp4_header.h"

namespace ronin {

/// The video in one `moof`, in units of the video track. A value.
struct Mp4Fragment {
  std::optional<uint64_t> decode_time;  ///< `tfdt` of the first video sample
  uint64_t samples = 0;
  uint64_t duration = 0;  ///< of all samples together
};

/// Reads the content of `moof`; nothing when it makes no sense. Pure.
std::optional<Mp4Fragment> ReadMp4Fragment(std::string_view moof, const Mp4Header& header);

}  // namespace ronin
