// SPDX-License-Identifier: MIT
#include "demo/frame_sei.h"

namespace ronin::demo {
namespace {

constexpr uint8_t kUserDataUnregistered = 5;  // payload type, H.264 and H.265 annex D

void AppendNumber(std::vector<uint8_t>* out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(uint8_t(value >> unsigned(shift)));
}

std::vector<uint8_t> Message(const FrameStamp& stamp) {
  std::vector<uint8_t> out = {kUserDataUnregistered, uint8_t(kFrameUuid.size() + 3 * 8)};
  out.insert(out.end(), kFrameUuid.begin(), kFrameUuid.end());
  AppendNumber(&out, stamp.number);
  AppendNumber(&out, stamp.mono_ns);
  AppendNumber(&out, stamp.utc_ns);
  out.push_back(0x80);  // rbsp_trailing_bits
  return out;
}

}  // namespace

std::vector<uint8_t> MakeFrameSei(VideoCodec codec, const FrameStamp& stamp) {
  std::vector<uint8_t> out = {0, 0, 0, 1};
  if (codec == VideoCodec::kH264) {
    out.push_back(6);  // SEI
  } else {
    out.push_back(39 << 1);  // prefix SEI
    out.push_back(1);        // layer 0, temporal id 0
  }
  // Two zeros must not be followed by 0..3 inside a NAL unit: a 3 goes between.
  int zeros = 0;
  for (const uint8_t byte : Message(stamp)) {
    if (zeros >= 2 && byte <= 3) {
      out.push_back(3);
      zeros = 0;
    }
    out.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return out;
}

}  // namespace ronin::demo
