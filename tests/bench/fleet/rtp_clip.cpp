// SPDX-License-Identifier: MIT
#include "fleet/rtp_clip.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin::bench {
namespace {

constexpr size_t kFraming = 4;  // '$', channel, length
constexpr size_t kRtpHeader = 12;
constexpr size_t kMostPayload = 1400;
constexpr uint8_t kPayloadType = 96;
constexpr uint8_t kFuA = 28;
constexpr uint8_t kDelimiter = 9;
constexpr uint8_t kSps = 7;
constexpr uint8_t kPps = 8;

void Put16(uint8_t* to, unsigned value) {
  to[0] = uint8_t(value >> 8U);
  to[1] = uint8_t(value);
}

void Put32(uint8_t* to, uint32_t value) {
  Put16(to, value >> 16U);
  Put16(to + 2, value & 0xffffU);
}

using Visit = std::function<void(const uint8_t* unit, size_t size)>;

/// Calls `visit` for each NAL unit of a part of a byte stream, without its start code.
void ForEachUnit(const uint8_t* data, const demo::Span& span, const Visit& visit) {
  const uint8_t* begin = nullptr;
  const uint8_t* const end = data + span.offset + span.size;
  const auto flush = [&](const uint8_t* upto) {
    while (begin != nullptr && upto > begin && upto[-1] == 0) --upto;  // of a long start code
    if (begin != nullptr && upto > begin) visit(begin, size_t(upto - begin));
  };
  for (const uint8_t* at = data + span.offset; at + 3 <= end; ++at) {
    if (at[0] != 0 || at[1] != 0 || at[2] != 1) continue;
    flush(at);
    begin = at + 3;
    at += 2;
  }
  flush(end);
}

std::string Base64(const uint8_t* data, size_t size) {
  return GCharPtr(g_base64_encode(data, size)).get();
}

/// What the SDP says of the clip's parameter sets; empty when it lacks them.
std::string FmtpOf(const uint8_t* data, const demo::AccessUnit& picture) {
  std::string profile;
  std::string sps;
  std::string pps;
  ForEachUnit(data, picture.head, [&](const uint8_t* unit, size_t size) {
    const int type = unit[0] & 0x1f;
    if (type == kSps && size >= 4) {
      std::array<char, 7> text{};
      std::snprintf(text.data(), text.size(), "%02x%02x%02x", unit[1], unit[2], unit[3]);
      profile = text.data();
      sps = Base64(unit, size);
    }
    if (type == kPps) pps = Base64(unit, size);
  });
  if (sps.empty() || pps.empty()) return {};
  return Concat("packetization-mode=1;profile-level-id=", profile, ";sprop-parameter-sets=", sps,
                ',', pps);
}

RtpPicture Cut(const uint8_t* data, const demo::AccessUnit& picture) {
  RtpPicture out;
  out.keyframe = picture.keyframe;
  ForEachUnit(data, picture.head, [&out](const uint8_t* unit, size_t size) {
    if ((unit[0] & 0x1f) != kDelimiter) out.head.Add(unit, size, false);
  });
  size_t units = 0;
  ForEachUnit(data, picture.slices, [&units](const uint8_t*, size_t) { ++units; });
  ForEachUnit(data, picture.slices, [&](const uint8_t* unit, size_t size) {
    out.slices.Add(unit, size, --units == 0);
    out.payload_bytes += 4 + size;
  });
  return out;
}

}  // namespace

uint8_t* PacketRun::Begin(size_t payload, bool marker) {
  const size_t start = bytes_.size();
  starts_.push_back(start);
  bytes_.resize(start + kFraming + kRtpHeader + payload);
  uint8_t* out = bytes_.data() + start;
  out[0] = '$';
  Put16(out + 2, unsigned(kRtpHeader + payload));
  out[kFraming] = 0x80;  // version 2
  out[kFraming + 1] = uint8_t((marker ? 0x80U : 0U) | kPayloadType);
  return out + kFraming + kRtpHeader;
}

void PacketRun::Add(const uint8_t* unit, size_t size, bool last) {
  if (size <= kMostPayload) {
    std::copy_n(unit, size, Begin(size, last));
    return;
  }
  const uint8_t header = unit[0];
  constexpr size_t kPart = kMostPayload - 2;
  for (size_t at = 1; at < size; at += kPart) {
    const size_t part = std::min(kPart, size - at);
    const bool ends = at + part == size;
    uint8_t* to = Begin(part + 2, last && ends);
    to[0] = uint8_t((header & 0xe0U) | kFuA);
    to[1] = uint8_t((at == 1 ? 0x80U : 0U) | (ends ? 0x40U : 0U) | (header & 0x1fU));
    std::copy_n(unit + at, part, to + 2);
  }
}

void PacketRun::Clear() {
  bytes_.clear();
  starts_.clear();
}

void PacketRun::Patch(Sender& sender) {
  for (const size_t start : starts_) {
    uint8_t* packet = bytes_.data() + start;
    packet[1] = sender.channel;
    Put16(packet + kFraming + 2, sender.sequence++);
    Put32(packet + kFraming + 4, sender.timestamp);
    Put32(packet + kFraming + 8, sender.ssrc);
  }
}

size_t RtpClip::NextKeyframe(size_t picture) const {
  while (!pictures[picture % pictures.size()].keyframe) ++picture;
  return picture;
}

double RtpClip::kbit_per_second() const {
  size_t bytes = 0;
  for (const RtpPicture& picture : pictures) bytes += picture.payload_bytes;
  return double(bytes) * 8 / 1000 * fps / double(pictures.size());
}

Result<RtpClip> CutIntoPackets(const demo::Clip& clip) {
  if (clip.spec.video != demo::VideoCodec::kH264) {
    return Fail(ErrorKind::kUnsupported, "the fleet sends H.264 only");
  }
  const auto* data = static_cast<const uint8_t*>(g_bytes_get_data(clip.video.Get(), nullptr));
  RtpClip out;
  out.fps = clip.spec.fps;
  out.fmtp = FmtpOf(data, clip.pictures.front());
  if (out.fmtp.empty()) return Fail(ErrorKind::kCorrupt, "the clip has no parameter sets");
  for (const demo::AccessUnit& picture : clip.pictures) out.pictures.push_back(Cut(data, picture));
  return out;
}

}  // namespace ronin::bench
