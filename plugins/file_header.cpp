// SPDX-License-Identifier: MIT
#include "file_header.h"

#include <algorithm>

#include "mp4/box_reader.h"

namespace ronin_plugin {
namespace {

/// a × to / from without overflow, rounded down.
uint64_t Rescale(uint64_t value, uint64_t to, uint64_t from) {
  return value / from * to + value % from * to / from;
}

std::optional<BoxReader::Box> FindBox(BoxReader in, uint32_t type) {
  while (const auto box = in.Next()) {
    if (box->type == type) return box;
  }
  return std::nullopt;
}

uint32_t TrackId(const BoxReader& trak) {
  const auto tkhd = FindBox(trak, FourCc("tkhd"));
  if (!tkhd) return 0;
  BoxReader in = trak.Inside(*tkhd);
  in.Skip(in.U32() >> 24 != 0 ? 16 : 8);
  return in.U32();
}

uint32_t Timescale(const BoxReader& trak) {
  const auto mdia = FindBox(trak, FourCc("mdia"));
  if (!mdia) return 0;
  const BoxReader media = trak.Inside(*mdia);
  const auto mdhd = FindBox(media, FourCc("mdhd"));
  if (!mdhd) return 0;
  BoxReader in = media.Inside(*mdhd);
  in.Skip(in.U32() >> 24 != 0 ? 16 : 8);
  return in.U32();
}

void PutU64(uint8_t* at, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) at[i] = uint8_t(value >> (8 * (bytes - 1 - i)));
}

}  // namespace

std::optional<FileTimes> FileTimes::FromInit(const Bytes& init) {
  FileTimes out;
  const BoxReader file(init.data(), 0, init.size());
  const auto moov = FindBox(file, FourCc("moov"));
  if (!moov) return std::nullopt;
  BoxReader in = file.Inside(*moov);
  while (const auto box = in.Next()) {
    if (box->type != FourCc("trak")) continue;
    const BoxReader trak = in.Inside(*box);
    const Track track{TrackId(trak), Timescale(trak)};
    if (track.id == 0 || track.timescale == 0) return std::nullopt;
    out.tracks_.push_back(track);
  }
  if (out.tracks_.empty()) return std::nullopt;
  return out;
}

const FileTimes::Track* FileTimes::Find(uint32_t id) const {
  const auto at = std::find_if(tracks_.begin(), tracks_.end(),
                               [&](const Track& track) { return track.id == id; });
  return at != tracks_.end() ? &*at : nullptr;
}

void FileTimes::Begin(const MoofView& first) {
  // The earliest time, in units of the first track, which is the video.
  const uint32_t timescale = tracks_.front().timescale;
  std::optional<uint64_t> earliest;
  for (const MoofView::Track& part : first.tracks) {
    const Track* track = Find(part.id);
    if (track == nullptr) continue;
    const uint64_t time = Rescale(part.decode_time, timescale, track->timescale);
    earliest = earliest ? std::min(*earliest, time) : time;
  }
  for (Track& track : tracks_) {
    track.base = Rescale(earliest.value_or(0), track.timescale, timescale);
  }
}

void FileTimes::Patch(const MoofView& view, uint8_t* head) const {
  const auto moved = [](uint64_t time, uint64_t base) { return time > base ? time - base : 0; };
  for (const MoofView::Track& part : view.tracks) {
    const Track* track = Find(part.id);
    if (track == nullptr) continue;
    PutU64(head + part.tfdt_at, moved(part.decode_time, track->base), part.tfdt_64 ? 8 : 4);
  }
  if (view.producer_at) {
    PutU64(head + *view.producer_at, moved(view.producer_time, tracks_.front().base), 8);
  }
}

int64_t FileTimes::FirstPictureMicros(const MoofView& first) const {
  const Track& video = tracks_.front();
  for (const MoofView::Track& part : first.tracks) {
    if (part.id == video.id) return MicrosOfFirst(part, video.base, video.timescale);
  }
  return 0;
}

Bytes FileHeader(const Bytes& init, const FileOrigin& origin) {
  Bytes out = init;
  const BoxReader file(init.data(), 0, init.size());
  const auto moov = FindBox(file, FourCc("moov"));
  if (!moov) return out;
  const Bytes box = origin.Write();
  out.insert(out.begin() + ptrdiff_t(moov->end), box.begin(), box.end());
  PutU64(out.data() + moov->begin, moov->end - moov->begin + box.size(), 4);
  return out;
}

}  // namespace ronin_plugin
