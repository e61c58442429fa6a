// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "storage/mp4_header.h"

namespace ronin {

/// Whether the samples of a fragment can be what was recorded: NAL units fill their samples, and
/// none holds a run of zeros, which is what blocks are that never got to the disk. What is not
/// understood counts as whole. Pure.
/// @param fragment  from its `moof` to the end of its `mdat`
/// @param offset    of the `moof` in the file
bool SamplesAreWhole(std::string_view fragment, uint64_t offset, const Mp4Header& header);

}  // namespace ronin
