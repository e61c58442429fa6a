// SPDX-License-Identifier: MIT
#include "demo/clip.h"

#include <array>
#include <cstdio>

namespace ronin::demo {
namespace {

struct NalUnit {
  size_t offset = 0;  // of its start code
  size_t header = 0;  // of its first byte
};

/// Start codes are three bytes, or four with a leading zero that belongs to them.
std::vector<NalUnit> FindNalUnits(const uint8_t* data, size_t size) {
  std::vector<NalUnit> out;
  for (size_t i = 0; i + 3 < size;) {
    if (data[i + 2] > 1) {
      i += 3;
    } else if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) {
      const bool four = i > 0 && data[i - 1] == 0;
      out.push_back({four ? i - 1 : i, i + 3});
      i += 3;
    } else {
      ++i;
    }
  }
  return out;
}

enum class NalRole {
  kBefore,  // delimiters, parameter sets, SEI: after slices they begin the next picture
  kAfter,   // belongs to the picture before it
  kSlice,
  kKeySlice
};

NalRole RoleOf(uint8_t header, VideoCodec codec) {
  if (codec == VideoCodec::kH264) {  // ITU-T H.264 table 7-1
    const int type = header & 0x1f;
    if (type == 5) return NalRole::kKeySlice;
    if (type >= 10 && type <= 12) return NalRole::kAfter;
    return type >= 1 && type <= 4 ? NalRole::kSlice : NalRole::kBefore;
  }
  const int type = (header >> 1) & 0x3f;  // ITU-T H.265 table 7-1
  if (type >= 16 && type <= 23) return NalRole::kKeySlice;
  if ((type >= 36 && type <= 38) || type == 40) return NalRole::kAfter;
  return type < 16 ? NalRole::kSlice : NalRole::kBefore;
}

bool IsSlice(NalRole role) { return role == NalRole::kSlice || role == NalRole::kKeySlice; }

/// True for the slice at the top left: its header begins with first_mb_in_slice = 0, or in H.265
/// with first_slice_segment_in_pic_flag = 1; both are a single 1 bit.
bool IsFirstSlice(const uint8_t* unit, VideoCodec codec) {
  return (unit[codec == VideoCodec::kH264 ? 1 : 2] & 0x80) != 0;
}

constexpr std::array<int, 13> kAdtsRates = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                            22050, 16000, 12000, 11025, 8000,  7350};

/// Sets what an ADTS header says about the stream; false when it is none we can play.
bool ReadAdtsFormat(const uint8_t* header, AudioTrack* track) {
  const unsigned profile = header[2] >> 6;
  const unsigned rate_index = (header[2] >> 2) & 0xf;
  const unsigned channels = ((header[2] & 1U) << 2) | (header[3] >> 6);
  if (rate_index >= kAdtsRates.size() || channels != 1) return false;
  track->rate = kAdtsRates[rate_index];
  const unsigned config = ((profile + 1) << 11) | (rate_index << 7) | (channels << 3);
  std::array<char, 5> text{};
  std::snprintf(text.data(), text.size(), "%04x", config);
  track->config_hex = text.data();
  return true;
}

}  // namespace

Result<std::vector<AccessUnit>> SplitPictures(const uint8_t* data, size_t size, VideoCodec codec) {
  std::vector<AccessUnit> out;
  const std::vector<NalUnit> units = FindNalUnits(data, size);
  for (size_t i = 0; i < units.size(); ++i) {
    const size_t offset = units[i].offset;
    const size_t length = (i + 1 < units.size() ? units[i + 1].offset : size) - offset;
    const uint8_t* unit = data + units[i].header;
    const NalRole role = RoleOf(*unit, codec);
    if (units[i].header + (IsSlice(role) ? 3 : 1) > offset + length) {
      return Fail(ErrorKind::kCorrupt, "clip has an empty NAL unit");
    }
    const bool has_slices = !out.empty() && out.back().slices.size > 0;
    const bool begins = role == NalRole::kBefore || (IsSlice(role) && IsFirstSlice(unit, codec));
    if (out.empty() || (has_slices && begins)) out.push_back({{offset, 0}, {offset, 0}, false});

    AccessUnit& picture = out.back();
    if (IsSlice(role) || picture.slices.size > 0) {
      if (picture.slices.size == 0) picture.slices.offset = offset;
      picture.slices.size += length;
    } else {
      picture.head.size += length;
    }
    picture.keyframe = picture.keyframe || role == NalRole::kKeySlice;
  }
  if (out.empty() || !out.front().keyframe) {
    return Fail(ErrorKind::kCorrupt, "clip does not begin with a keyframe");
  }
  return out;
}

Result<AudioTrack> SplitAdts(GRef<GBytes> file) {
  AudioTrack out;
  out.codec = AudioCodec::kAac;
  out.samples_per_packet = 1024;
  gsize size = 0;
  const auto* data = static_cast<const uint8_t*>(g_bytes_get_data(file.Get(), &size));
  for (size_t at = 0; at < size;) {
    const uint8_t* header = data + at;
    if (size - at < 7 || header[0] != 0xff || (header[1] & 0xf6) != 0xf0) {
      return Fail(ErrorKind::kCorrupt, "sound clip has no ADTS header where one is due");
    }
    const size_t header_size = (header[1] & 1) != 0 ? 7 : 9;
    const size_t length = ((header[3] & 3U) << 11) | (header[4] << 3U) | (header[5] >> 5U);
    if (length <= header_size || length > size - at || !ReadAdtsFormat(header, &out)) {
      return Fail(ErrorKind::kCorrupt, "sound clip has a damaged ADTS header");
    }
    out.packets.push_back({at + header_size, length - header_size});
    at += length;
  }
  if (out.packets.empty()) return Fail(ErrorKind::kCorrupt, "sound clip is empty");
  out.data = std::move(file);
  return out;
}

}  // namespace ronin::demo
