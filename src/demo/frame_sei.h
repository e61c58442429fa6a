// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "demo/clip_spec.h"

namespace ronin::demo {

/// Marks our SEI messages; the first 16 bytes of each `user_data_unregistered` payload.
constexpr std::array<uint8_t, 16> kFrameUuid = {0x52, 0x4f, 0x4e, 0x49, 0x4e, 0x4e, 0x56, 0x52,
                                                0x9d, 0x1e, 0x4c, 0x7a, 0xb3, 0x58, 0xe6, 0x21};

/// What each picture carries, after the UUID: three 64-bit big-endian numbers.
struct FrameStamp {
  uint64_t number = 0;   ///< grows by one per picture, for ever
  uint64_t mono_ns = 0;  ///< sender's CLOCK_MONOTONIC when it was due; it may have left later
  uint64_t utc_ns = 0;   ///< sender's CLOCK_REALTIME at the same moment
};

/// The SEI as a complete NAL unit with start code and emulation prevention. Any thread.
std::vector<uint8_t> MakeFrameSei(VideoCodec codec, const FrameStamp& stamp);

}  // namespace ronin::demo
