// SPDX-License-Identifier: MIT
#include "mp4/moof_view.h"

#include "mp4/box_reader.h"

namespace ronin_plugin {
namespace {

constexpr uint32_t kNotSync = 0x10000;

/// What `tfhd` says holds for samples that do not say it themselves.
struct Defaults {
  uint32_t duration = 0;
  uint32_t flags = 0;
};

Defaults ReadHeader(BoxReader in, MoofView::Track* track) {
  Defaults out;
  const uint32_t flags = in.U32() & 0xffffff;
  track->id = in.U32();
  if ((flags & 0x1) != 0) in.Skip(8);
  if ((flags & 0x2) != 0) in.Skip(4);
  if ((flags & 0x8) != 0) out.duration = in.U32();
  if ((flags & 0x10) != 0) in.Skip(4);
  if ((flags & 0x20) != 0) out.flags = in.U32();
  return out;
}

void ReadTime(BoxReader in, MoofView::Track* track) {
  track->tfdt_64 = in.U32() >> 24 != 0;
  track->tfdt_at = in.at();
  track->decode_time = track->tfdt_64 ? in.U64() : in.U32();
}

bool ReadRun(BoxReader in, const Defaults& defaults, MoofView::Track* track) {
  const uint32_t head = in.U32();
  const uint32_t flags = head & 0xffffff;
  const uint32_t count = in.U32();
  if ((flags & 0x1) != 0) in.Skip(4);
  const uint32_t first_flags = (flags & 0x4) != 0 ? in.U32() : defaults.flags;
  if ((flags & 0xf00) == 0) {  // nothing stands in the table for them, however many they are
    if (track->samples == 0 && count > 0) track->sync = (first_flags & kNotSync) == 0;
    track->duration += uint64_t(count) * defaults.duration;
    track->samples += count;
    return in.ok();
  }
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    track->duration += (flags & 0x100) != 0 ? in.U32() : defaults.duration;
    if ((flags & 0x200) != 0) in.Skip(4);
    const uint32_t own = (flags & 0x400) != 0 ? in.U32() : i == 0 ? first_flags : defaults.flags;
    const uint32_t offset = (flags & 0x800) != 0 ? in.U32() : 0;
    if (track->samples == 0 && i == 0) {
      track->sync = (own & kNotSync) == 0;
      track->first_offset = head >> 24 != 0 ? int64_t(int32_t(offset)) : int64_t(offset);
    }
  }
  track->samples += count;
  return in.ok();
}

std::optional<MoofView::Track> ReadTrack(BoxReader in) {
  MoofView::Track out;
  Defaults defaults;
  while (const auto box = in.Next()) {
    if (box->type == FourCc("tfhd")) defaults = ReadHeader(in.Inside(*box), &out);
    if (box->type == FourCc("tfdt")) ReadTime(in.Inside(*box), &out);
    if (box->type == FourCc("trun") && !ReadRun(in.Inside(*box), defaults, &out)) {
      return std::nullopt;
    }
  }
  if (!in.ok() || out.id == 0 || out.tfdt_at == 0) return std::nullopt;
  return out;
}

}  // namespace

int64_t MicrosOfFirst(const MoofView::Track& track, uint64_t zero, uint32_t timescale) {
  constexpr uint64_t kMostSeconds = 366 * 86400;
  constexpr int64_t kMicros = 1'000'000;
  const uint64_t decode_time = track.decode_time > zero ? track.decode_time - zero : 0;
  if (timescale == 0 || decode_time / timescale > kMostSeconds) return 0;
  const int64_t units = int64_t(decode_time) + track.first_offset;
  return units / timescale * kMicros + units % timescale * kMicros / timescale;
}

std::optional<MoofView> MoofView::Read(const uint8_t* data, size_t size) {
  MoofView out;
  BoxReader in(data, 0, size);
  while (const auto box = in.Next()) {
    if (box->type == FourCc("prft")) {
      BoxReader body = in.Inside(*box);
      const bool wide = body.U32() >> 24 != 0;
      body.Skip(4 + 8);
      if (!wide || box->end - body.at() < 8) continue;
      out.producer_at = body.at();
      out.producer_time = body.U64();
    }
    if (box->type != FourCc("moof")) continue;
    out.moof_at = box->begin;
    BoxReader body = in.Inside(*box);
    while (const auto inner = body.Next()) {
      if (inner->type != FourCc("traf")) continue;
      const auto track = ReadTrack(body.Inside(*inner));
      if (!track) return std::nullopt;
      out.tracks.push_back(*track);
    }
    if (!body.ok() || out.tracks.empty()) return std::nullopt;
    return out;
  }
  return std::nullopt;
}

}  // namespace ronin_plugin
