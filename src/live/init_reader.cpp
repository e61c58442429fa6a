// SPDX-License-Identifier: MIT
#include "live/init_reader.h"

#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "base/text.h"
#include "mp4/box_reader.h"

namespace ronin::live {
namespace {

using ronin_plugin::BoxReader;
using ronin_plugin::FourCc;

std::optional<BoxReader::Box> Find(BoxReader in, uint32_t type) {
  while (auto box = in.Next()) {
    if (box->type == type) return box;
  }
  return std::nullopt;
}

/// The inside of boxes that are in one another.
std::optional<BoxReader> Descend(BoxReader in, std::initializer_list<uint32_t> types) {
  for (const uint32_t type : types) {
    const auto box = Find(in, type);
    if (!box) return std::nullopt;
    in = in.Inside(*box);
  }
  return in;
}

uint8_t U8(BoxReader& in) {
  uint8_t out = 0;
  in.Raw(&out, 1);
  return out;
}

uint16_t U16(BoxReader& in) {
  const unsigned high = U8(in);
  return uint16_t(high << 8 | U8(in));
}

std::string Hex(const char* format, unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// `avcC`: ISO/IEC 14496-15, 5.3.3.1; RFC 6381, 3.3.
std::string Avc(BoxReader in) {
  in.Skip(1);
  std::string out = "avc1.";
  for (int i = 0; i < 3; ++i) out += Hex("%02x", U8(in));
  return in.ok() ? out : std::string();
}

/// `hvcC`: ISO/IEC 14496-15, 8.3.3.1 and annex E.3.
std::string Hevc(BoxReader in) {
  in.Skip(1);
  const unsigned profile = U8(in);
  const uint32_t compatible = in.U32();
  std::array<uint8_t, 6> constraints{};
  in.Raw(constraints.data(), constraints.size());
  const unsigned level = U8(in);
  if (!in.ok()) return {};
  uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= (compatible >> bit & 1U) << (31 - bit);
  std::string out = "hvc1.";
  if (const unsigned space = profile >> 6; space != 0) out += char('A' + space - 1);
  out += Concat(profile & 0x1FU, ".", Hex("%X", reversed), ".", (profile & 0x20U) != 0 ? "H" : "L",
                level);
  size_t used = constraints.size();
  while (used > 0 && constraints[used - 1] == 0) --used;
  for (size_t i = 0; i < used; ++i) out += Hex(".%X", constraints[i]);
  return out;
}

/// `av1C`: the AV1 binding for ISO BMFF, 2.3 and 5.
std::string Av1(BoxReader in) {
  in.Skip(1);
  const unsigned profile = U8(in);
  const unsigned flags = U8(in);
  if (!in.ok()) return {};
  const int depth = (flags & 0x40U) == 0 ? 8 : (flags & 0x20U) != 0 ? 12 : 10;
  return Concat("av01.", profile >> 5, ".", Hex("%02u", profile & 0x1FU),
                (flags & 0x80U) != 0 ? "H" : "M", ".", Hex("%02u", unsigned(depth)));
}

/// The length of a descriptor: ISO/IEC 14496-1, 8.3.3.
void SkipLength(BoxReader& in) {
  for (int i = 0; i < 4 && (U8(in) & 0x80U) != 0; ++i) {
  }
}

/// `esds`: which kind of MPEG-4 audio; RFC 6381, 3.3.
std::string Mpeg4Audio(BoxReader in) {
  constexpr uint8_t kEs = 3;
  constexpr uint8_t kDecoderConfig = 4;
  constexpr uint8_t kDecoderInfo = 5;
  in.Skip(4);
  if (U8(in) != kEs) return {};
  SkipLength(in);
  in.Skip(3);
  if (U8(in) != kDecoderConfig) return {};
  SkipLength(in);
  const unsigned type = U8(in);
  in.Skip(12);
  if (U8(in) != kDecoderInfo) return {};
  SkipLength(in);
  unsigned object = U8(in) >> 3;
  if (!in.ok()) return {};
  if (object == 31) object = 32;  // it goes on in the next bits; no camera has one of these
  return Concat("mp4a.", Hex("%x", type), ".", object);
}

struct Entry {
  std::string codec;
  int width = 0;
  int height = 0;
};

/// The first sample entry of a track.
Entry ReadEntry(BoxReader stsd) {
  constexpr size_t kVideoFields = 50;  // between the height and the boxes
  constexpr size_t kAudioFields = 28;
  stsd.Skip(8);
  const auto box = stsd.Next();
  if (!box) return {};
  BoxReader in = stsd.Inside(*box);
  Entry out;
  const auto configured = [&](uint32_t type, std::string (*read)(BoxReader)) {
    const auto config = Find(in, type);
    return config ? read(in.Inside(*config)) : std::string();
  };
  if (box->type == FourCc("mp4a") || box->type == FourCc("Opus")) {
    in.Skip(kAudioFields);
    out.codec = box->type == FourCc("Opus") ? "opus" : configured(FourCc("esds"), Mpeg4Audio);
    return out;
  }
  in.Skip(24);
  out.width = U16(in);
  out.height = U16(in);
  in.Skip(kVideoFields);
  if (box->type == FourCc("avc1")) out.codec = configured(FourCc("avcC"), Avc);
  if (box->type == FourCc("hvc1")) out.codec = configured(FourCc("hvcC"), Hevc);
  if (box->type == FourCc("av01")) out.codec = configured(FourCc("av1C"), Av1);
  return out;
}

uint32_t Timescale(BoxReader mdhd) {
  const uint32_t version = mdhd.U32() >> 24;
  mdhd.Skip(version == 1 ? 16 : 8);
  return mdhd.U32();
}

/// What one `trak` says.
void ReadTrack(BoxReader trak, Init* init) {
  const auto media = Descend(trak, {FourCc("mdia")});
  if (!media) return;
  const auto mdhd = Descend(*media, {FourCc("mdhd")});
  const auto stsd = Descend(*media, {FourCc("minf"), FourCc("stbl"), FourCc("stsd")});
  if (!mdhd || !stsd) return;
  Entry entry = ReadEntry(*stsd);
  if (entry.width == 0) {
    if (init->audio_codec.empty()) init->audio_codec = std::move(entry.codec);
  } else if (init->video_codec.empty()) {
    init->video_codec = std::move(entry.codec);
    init->width = entry.width;
    init->height = entry.height;
    init->timescale = Timescale(*mdhd);
  }
}

}  // namespace

Result<Init> ReadInit(GRef<GBytes> bytes) {
  gsize size = 0;
  const auto* data = static_cast<const uint8_t*>(g_bytes_get_data(bytes.Get(), &size));
  Init out;
  if (auto moov = Descend(BoxReader(data, 0, size), {FourCc("moov")})) {
    while (const auto box = moov->Next()) {
      if (box->type == FourCc("trak")) ReadTrack(moov->Inside(*box), &out);
    }
  }
  if (out.video_codec.empty() || out.timescale == 0) {
    return Fail(ErrorKind::kCorrupt, "the init segment has no video that is known");
  }
  out.bytes = std::move(bytes);
  out.mime = Concat("video/mp4; codecs=\"", out.video_codec, out.audio_codec.empty() ? "" : ",",
                    out.audio_codec, "\"");
  return out;
}

}  // namespace ronin::live
