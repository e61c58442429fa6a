// SPDX-License-Identifier: MIT
#include "file_header.h"

#include <algorithm>
#include <cctype>

#include "box_reader.h"

namespace ronin_plugin {
namespace {

constexpr uint8_t kOriginBox[16] = {0x6d, 0x4f, 0x0f, 0x4e, 0x0e, 0x0c, 0x4c, 0x5e,
                                    0x9f, 0x3e, 0x52, 0xc1, 0xf9, 0xa8, 0x7b, 0x10};
constexpr uint32_t kUtcKnown = 1;
constexpr uint32_t kSubStream = 2;

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

std::optional<std::array<uint8_t, 16>> ParseUuid(std::string_view text) {
  std::array<uint8_t, 16> out = {};
  size_t digits = 0;
  if (text.size() != 36) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    if (std::isxdigit(c) == 0) return std::nullopt;
    const int value = std::isdigit(c) != 0 ? c - '0' : std::tolower(c) - 'a' + 10;
    out[digits / 2] = uint8_t(out[digits / 2] << 4 | value);
    ++digits;
  }
  return out;
}

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

int64_t FileTimes::zero_us() const {
  return int64_t(Rescale(tracks_.front().base, 1'000'000, tracks_.front().timescale));
}

Bytes FileHeader(const Bytes& init, const FileOrigin& origin, std::optional<int64_t> utc_us) {
  Bytes out = init;
  const BoxReader file(init.data(), 0, init.size());
  const auto moov = FindBox(file, FourCc("moov"));
  if (!moov) return out;
  Bytes box;
  {
    BoxWriter w(box);
    const BoxWriter::Box uuid(w, "uuid");
    w.Raw(kOriginBox, sizeof kOriginBox);
    w.Version(0, (utc_us ? kUtcKnown : 0) | (origin.sub_stream ? kSubStream : 0));
    w.Raw(origin.camera.data(), origin.camera.size());
    w.U64(origin.connection);
    w.U64(uint64_t(utc_us.value_or(0)));
  }
  out.insert(out.begin() + ptrdiff_t(moov->end), box.begin(), box.end());
  PutU64(out.data() + moov->begin, moov->end - moov->begin + box.size(), 4);
  return out;
}

}  // namespace ronin_plugin
