// SPDX-License-Identifier: MIT
#include "storage/mp4_header.h"

#include <string>

#include "mp4/file_origin.h"
#include "storage/box.h"

namespace ronin {
namespace {

struct Track {
  uint32_t id = 0;
  uint32_t timescale = 0;
  uint32_t handler = 0;
  std::string_view sample_entry;  // with its box header
};

// ISO/IEC 14496-12, 8.3.2 and 8.4.2: 64-bit times in version 1.
uint32_t NumberAfterTimes(std::string_view body) {
  ByteReader reader(body);
  reader.Skip(reader.U8() == 1 ? 3 + 16 : 3 + 8);
  return reader.U32();
}

Track ReadTrack(std::string_view trak) {
  Track out;
  if (const auto tkhd = FindBox(trak, Fourcc("tkhd"))) out.id = NumberAfterTimes(tkhd->body);
  const auto mdia = FindBox(trak, Fourcc("mdia"));
  if (!mdia) return out;
  if (const auto mdhd = FindBox(mdia->body, Fourcc("mdhd"))) {
    out.timescale = NumberAfterTimes(mdhd->body);
  }
  if (const auto hdlr = FindBox(mdia->body, Fourcc("hdlr"))) {
    ByteReader reader(hdlr->body);
    reader.Skip(8);
    out.handler = reader.U32();
  }
  const auto minf = FindBox(mdia->body, Fourcc("minf"));
  const auto stbl = minf ? FindBox(minf->body, Fourcc("stbl")) : std::nullopt;
  const auto stsd = stbl ? FindBox(stbl->body, Fourcc("stsd")) : std::nullopt;
  if (stsd) {
    ByteReader reader(stsd->body);
    reader.Skip(8);
    out.sample_entry = reader.rest();
  }
  return out;
}

// Letters only where they are printable: the text goes into the catalog and into answers.
std::string Name(uint32_t fourcc) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    const char c = char(fourcc >> shift & 0xff);
    out += c > ' ' && c < 0x7f ? c : '?';
  }
  return out;
}

std::optional<Mp4Video> ReadVideo(std::string_view entry) {
  const auto box = NextBox(entry);
  if (!box) return std::nullopt;
  ByteReader reader(box->body);
  reader.Skip(24);
  const int width = reader.U16();
  const int height = reader.U16();
  if (!reader.ok()) return std::nullopt;
  return Mp4Video{Name(box->type), width, height};
}

std::optional<Mp4Audio> ReadAudio(std::string_view entry) {
  const auto box = NextBox(entry);
  if (!box) return std::nullopt;
  ByteReader reader(box->body);
  reader.Skip(16);
  const int channels = reader.U16();
  reader.Skip(6);
  const int rate = reader.U16();  // the whole part of a 16.16 number
  if (!reader.ok()) return std::nullopt;
  return Mp4Audio{Name(box->type), rate, channels};
}

/// Of `trex`: what a fragment's samples have when it does not say.
struct Defaults {
  uint32_t duration = 0;
  uint32_t size = 0;
};

Defaults ReadDefaults(std::string_view mvex, uint32_t track) {
  while (const auto box = NextBox(mvex)) {
    if (box->type != Fourcc("trex")) continue;
    ByteReader reader(box->body);
    reader.Skip(4);
    if (reader.U32() != track) continue;
    reader.Skip(4);
    const uint32_t duration = reader.U32();
    return {duration, reader.U32()};
  }
  return {};
}

// ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1: the two lowest bits of a byte, plus one.
int NalLengthBytes(std::string_view sample_entry) {
  constexpr size_t kVisualFields = 78;
  const auto entry = NextBox(sample_entry);
  if (!entry || entry->body.size() < kVisualFields) return 0;
  const std::string_view boxes = entry->body.substr(kVisualFields);
  const auto avc = FindBox(boxes, Fourcc("avcC"));
  const auto hevc = FindBox(boxes, Fourcc("hvcC"));
  const size_t at = avc ? 4 : 21;
  const auto& config = avc ? avc : hevc;
  if (!config || config->body.size() <= at) return 0;
  return (config->body[at] & 3) + 1;
}

Mp4SampleKind KindOf(const Track& track, std::string_view mvex) {
  Mp4SampleKind out{.track = track.id, .default_size = ReadDefaults(mvex, track.id).size};
  if (track.handler == Fourcc("vide")) out.length_bytes = NalLengthBytes(track.sample_entry);
  std::string_view entry = track.sample_entry;
  const auto box = NextBox(entry);
  out.never_zero = box && box->type == Fourcc("mp4a");
  return out;
}

std::optional<Mp4Origin> ReadOrigin(std::string_view moov) {
  constexpr int64_t kYear9999Us = 253'402'300'800'000'000;  // what comes later has no name
  const auto* data = reinterpret_cast<const uint8_t*>(moov.data());
  const auto box = ronin_plugin::FileOrigin::Read({data, 0, moov.size()});
  if (!box) return std::nullopt;
  Mp4Origin out{.camera_uuid = {}, .sub_stream = box->sub_stream, .zero = {}};
  if (box->camera != ronin_plugin::Uuid{}) out.camera_uuid = ronin_plugin::UuidText(box->camera);
  const int64_t utc_us = box->utc_us.value_or(0);
  if (utc_us > 0 && utc_us < kYear9999Us) out.zero = FromMicros(utc_us);
  return out;
}

}  // namespace

Mp4Header ReadMp4Header(std::string_view moov) {
  Mp4Header out;
  out.origin = ReadOrigin(moov);
  const auto mvex = FindBox(moov, Fourcc("mvex"));
  out.fragmented = mvex.has_value();
  while (const auto box = NextBox(moov)) {
    if (box->type != Fourcc("trak")) continue;
    const Track track = ReadTrack(box->body);
    if (mvex) out.kinds.push_back(KindOf(track, mvex->body));
    if (track.handler == Fourcc("vide") && !out.video && track.timescale != 0) {
      out.video = ReadVideo(track.sample_entry);
      if (!out.video) continue;
      out.video_track = track.id;
      out.video_timescale = track.timescale;
    } else if (track.handler == Fourcc("soun") && !out.audio) {
      out.audio = ReadAudio(track.sample_entry);
    }
  }
  if (mvex) out.video_default_duration = ReadDefaults(mvex->body, out.video_track).duration;
  return out;
}

}  // namespace ronin
