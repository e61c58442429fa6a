// SPDX-License-Identifier: MIT
#include "storage/mp4_fragment.h"

#include <bit>

#include "storage/box.h"

namespace ronin {
namespace {

// More samples than that in one fragment is a lie; no number may cost more than the bytes behind
// it, and durations of so many cannot overflow 64 bits.
constexpr uint64_t kMaxSamples = 1 << 22;

struct TrackHeader {
  uint32_t track = 0;
  uint32_t duration = 0;
  bool ok = false;
};

// ISO/IEC 14496-12, 8.8.7.
TrackHeader ReadTfhd(std::string_view body, uint32_t default_duration) {
  ByteReader reader(body);
  reader.Skip(1);
  const uint32_t flags = reader.U24();
  TrackHeader out{reader.U32(), default_duration};
  if ((flags & 0x1) != 0) reader.Skip(8);
  if ((flags & 0x2) != 0) reader.Skip(4);
  if ((flags & 0x8) != 0) out.duration = reader.U32();
  out.ok = reader.ok();
  return out;
}

// ISO/IEC 14496-12, 8.8.8.
bool AddTrun(std::string_view body, uint32_t default_duration, Mp4Fragment& out) {
  ByteReader reader(body);
  reader.Skip(1);
  const uint32_t flags = reader.U24();
  const uint64_t samples = reader.U32();
  if ((flags & 0x1) != 0) reader.Skip(4);
  if ((flags & 0x4) != 0) reader.Skip(4);
  const auto entry = size_t(4 * std::popcount(flags & 0xf00));
  if (!reader.ok() || samples * entry > reader.rest().size()) return false;
  if (out.samples + samples > kMaxSamples) return false;
  out.samples += samples;
  if ((flags & 0x100) == 0) {
    out.duration += samples * default_duration;
    return true;
  }
  for (uint64_t i = 0; i < samples; ++i) {
    out.duration += reader.U32();
    reader.Skip(entry - 4);
  }
  return reader.ok();
}

bool AddTraf(std::string_view traf, const Mp4Header& header, Mp4Fragment& out) {
  const auto tfhd = FindBox(traf, Fourcc("tfhd"));
  if (!tfhd) return false;
  const TrackHeader track = ReadTfhd(tfhd->body, header.video_default_duration);
  if (!track.ok) return false;
  if (track.track != header.video_track) return true;
  while (const auto box = NextBox(traf)) {
    if (box->type == Fourcc("trun")) {
      if (!AddTrun(box->body, track.duration, out)) return false;
    } else if (box->type == Fourcc("tfdt") && !out.decode_time) {
      ByteReader reader(box->body);
      const bool wide = reader.U8() == 1;
      reader.Skip(3);
      out.decode_time = wide ? reader.U64() : reader.U32();
      if (!reader.ok()) return false;
    }
  }
  return traf.empty();
}

}  // namespace

std::optional<Mp4Fragment> ReadMp4Fragment(std::string_view moof, const Mp4Header& header) {
  Mp4Fragment out;
  bool any = false;
  while (const auto box = NextBox(moof)) {
    if (box->type != Fourcc("traf")) continue;
    if (!AddTraf(box->body, header, out)) return std::nullopt;
    any = true;
  }
  if (!any || !moof.empty()) return std::nullopt;
  return out;
}

}  // namespace ronin
