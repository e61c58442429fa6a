// SPDX-License-Identifier: MIT
#include "mp4_track.h"

#include <cstring>

namespace ronin_plugin {
namespace {

using Box = BoxWriter::Box;

/// A buffer in caps, such as codec_data; empty when it is not there.
Bytes BufferField(const GstStructure* s, const char* name) {
  const GValue* value = gst_structure_get_value(s, name);
  if (value == nullptr) return {};
  if (GST_VALUE_HOLDS_ARRAY(value)) {
    if (gst_value_array_get_size(value) == 0) return {};
    value = gst_value_array_get_value(value, 0);
  }
  GstBuffer* buffer = GST_VALUE_HOLDS_BUFFER(value) ? gst_value_get_buffer(value) : nullptr;
  GstMapInfo map;
  if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return {};
  Bytes out(map.data, map.data + map.size);
  gst_buffer_unmap(buffer, &map);
  return out;
}

void WritePixelShape(BoxWriter& w, const GstStructure* s) {
  int num = 1;
  int den = 1;
  gst_structure_get_fraction(s, "pixel-aspect-ratio", &num, &den);
  if (num == den || num <= 0 || den <= 0) return;
  Box pasp(w, "pasp");
  w.U32(uint32_t(num));
  w.U32(uint32_t(den));
}

/// VisualSampleEntry (ISO/IEC 14496-12, 12.1.3) around the decoder's configuration.
std::optional<Mp4Track> VideoTrack(const GstStructure* s, const char* entry, const char* config) {
  Mp4Track out;
  const Bytes codec_data = BufferField(s, "codec_data");
  if (codec_data.empty() || gst_structure_get_int(s, "width", &out.width) == FALSE ||
      gst_structure_get_int(s, "height", &out.height) == FALSE || out.width <= 0 ||
      out.width > 65535 || out.height <= 0 || out.height > 65535) {
    return std::nullopt;
  }
  int num = 0;
  int den = 1;
  gst_structure_get_fraction(s, "framerate", &num, &den);
  if (num > 0 && den > 0 && num < 1000 * den) {
    out.nominal = uint32_t(uint64_t(out.timescale) * uint64_t(den) / uint64_t(num));
  }
  BoxWriter w(out.sample_entry);
  {
    Box box(w, entry);
    w.Zeros(6);
    w.U16(1);  // data reference
    w.Zeros(16);
    w.U16(unsigned(out.width));
    w.U16(unsigned(out.height));
    w.U32(0x00480000);  // 72 dots per inch
    w.U32(0x00480000);
    w.U32(0);
    w.U16(1);  // frames in a sample
    w.Zeros(32);
    w.U16(0x18);  // depth
    w.U16(0xffff);
    {
      Box configuration(w, config);
      w.Raw(codec_data);
    }
    WritePixelShape(w, s);
  }
  return out;
}

/// The head of an AudioSampleEntry (12.2.3).
void WriteAudioEntry(BoxWriter& w, int channels, int rate) {
  w.Zeros(6);
  w.U16(1);
  w.Zeros(8);
  w.U16(unsigned(channels));
  w.U16(16);
  w.U32(0);
  w.U32(rate <= 65535 ? uint32_t(rate) << 16 : 0);
}

/// A descriptor of ISO/IEC 14496-1, 8.3.3: its size as one byte, which is enough here.
void WriteDescriptor(BoxWriter& w, unsigned tag, size_t size) {
  w.U8(tag);
  w.U8(unsigned(size));
}

std::optional<Mp4Track> AacTrack(const GstStructure* s) {
  Mp4Track out;
  out.video = false;
  int rate = 0;
  int channels = 0;
  const Bytes config = BufferField(s, "codec_data");
  if (config.size() < 2 || config.size() > 64 || gst_structure_get_int(s, "rate", &rate) == FALSE ||
      rate <= 0) {
    return std::nullopt;
  }
  gst_structure_get_int(s, "channels", &channels);
  out.timescale = uint32_t(rate);
  out.nominal = 1024;
  BoxWriter w(out.sample_entry);
  {
    Box entry(w, "mp4a");
    WriteAudioEntry(w, channels, rate);
    Box esds(w, "esds");
    w.Version(0, 0);
    const size_t specific = 2 + config.size();
    const size_t decoder = 13 + specific;
    WriteDescriptor(w, 0x03, 3 + 2 + decoder + 3);
    w.U16(kAudioTrackId);
    w.U8(0);
    WriteDescriptor(w, 0x04, decoder);
    w.U8(0x40);           // MPEG-4 audio
    w.U8(0x05 << 2 | 1);  // an audio stream
    w.Zeros(11);          // buffer size and bit rates: not known
    WriteDescriptor(w, 0x05, config.size());
    w.Raw(config);
    WriteDescriptor(w, 0x06, 1);
    w.U8(2);
  }
  return out;
}

std::optional<Mp4Track> OpusTrack(const GstStructure* s) {
  Mp4Track out;
  out.video = false;
  out.timescale = 48000;
  out.nominal = 960;
  int channels = 2;
  int family = 0;
  int rate = 48000;
  gst_structure_get_int(s, "channels", &channels);
  gst_structure_get_int(s, "channel-mapping-family", &family);
  gst_structure_get_int(s, "rate", &rate);
  if (family != 0 || channels < 1 || channels > 2) return std::nullopt;
  // OpusHead (RFC 7845, 5.1) is little-endian, `dOps` is not; without it, what encoders use.
  unsigned skip = 312;
  const Bytes head = BufferField(s, "streamheader");
  if (head.size() >= 19 && std::memcmp(head.data(), "OpusHead", 8) == 0) {
    skip = unsigned(head[10] | head[11] << 8);
  }
  BoxWriter w(out.sample_entry);
  {
    Box entry(w, "Opus");
    WriteAudioEntry(w, channels, 48000);
    Box box(w, "dOps");
    w.U8(0);
    w.U8(unsigned(channels));
    w.U16(skip);
    w.U32(uint32_t(rate));
    w.U16(0);  // gain
    w.U8(0);   // channel mapping
  }
  return out;
}

bool Has(const GstStructure* s, const char* field, const char* value) {
  const char* text = gst_structure_get_string(s, field);
  return text != nullptr && std::strcmp(text, value) == 0;
}

void WriteMatrix(BoxWriter& w) {
  constexpr uint32_t kUnity[] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
  for (const uint32_t value : kUnity) w.U32(value);
}

void WriteMovieHeader(BoxWriter& w) {
  Box box(w, "mvhd");
  w.Version(0, 0);
  w.Zeros(8);
  w.U32(1000);
  w.U32(0);
  w.U32(0x10000);
  w.U16(0x100);
  w.Zeros(10);
  WriteMatrix(w);
  w.Zeros(24);
  w.U32(kAudioTrackId + 1);
}

void WriteTrackHeader(BoxWriter& w, const Mp4Track& track, uint32_t id) {
  Box box(w, "tkhd");
  w.Version(0, 3);  // enabled, in the movie
  w.Zeros(8);
  w.U32(id);
  w.Zeros(4 + 4 + 8 + 2 + 2);
  w.U16(track.video ? 0 : 0x100);
  w.U16(0);
  WriteMatrix(w);
  w.U32(uint32_t(track.width) << 16);
  w.U32(uint32_t(track.height) << 16);
}

void WriteMediaHeader(BoxWriter& w, const Mp4Track& track) {
  {
    Box box(w, "mdhd");
    w.Version(0, 0);
    w.Zeros(8);
    w.U32(track.timescale);
    w.U32(0);
    w.U16(0x55c4);  // language "und"
    w.U16(0);
  }
  Box box(w, "hdlr");
  w.Version(0, 0);
  w.U32(0);
  w.Text(track.video ? "vide" : "soun");
  w.Zeros(12);
  w.Text(track.video ? "Video" : "Sound");
  w.U8(0);
}

/// A table of samples that is empty: they are in the fragments.
void WriteEmpty(BoxWriter& w, const char* type, size_t words) {
  Box box(w, type);
  w.Version(0, 0);
  w.Zeros(4 * words);
}

void WriteMediaInformation(BoxWriter& w, const Mp4Track& track) {
  Box minf(w, "minf");
  {
    Box box(w, track.video ? "vmhd" : "smhd");
    w.Version(0, track.video ? 1 : 0);
    w.Zeros(track.video ? 8 : 4);
  }
  {
    Box dinf(w, "dinf");
    Box dref(w, "dref");
    w.Version(0, 0);
    w.U32(1);
    Box url(w, "url ");
    w.Version(0, 1);  // in this file
  }
  Box stbl(w, "stbl");
  {
    Box stsd(w, "stsd");
    w.Version(0, 0);
    w.U32(1);
    w.Raw(track.sample_entry);
  }
  WriteEmpty(w, "stts", 1);
  WriteEmpty(w, "stsc", 1);
  WriteEmpty(w, "stsz", 2);
  WriteEmpty(w, "stco", 1);
}

void WriteTrack(BoxWriter& w, const Mp4Track& track, uint32_t id) {
  Box trak(w, "trak");
  WriteTrackHeader(w, track, id);
  Box mdia(w, "mdia");
  WriteMediaHeader(w, track);
  WriteMediaInformation(w, track);
}

void WriteTrackExtends(BoxWriter& w, uint32_t id) {
  Box box(w, "trex");
  w.Version(0, 0);
  w.U32(id);
  w.U32(1);
  w.Zeros(12);
}

void WriteMovie(BoxWriter& w, const Mp4Track& video, const std::optional<Mp4Track>& audio) {
  Box moov(w, "moov");
  WriteMovieHeader(w);
  WriteTrack(w, video, kVideoTrackId);
  if (audio) WriteTrack(w, *audio, kAudioTrackId);
  Box mvex(w, "mvex");
  WriteTrackExtends(w, kVideoTrackId);
  if (audio) WriteTrackExtends(w, kAudioTrackId);
}

}  // namespace

std::optional<Mp4Track> TrackFromCaps(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_get_size(caps) == 0) return std::nullopt;
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  if (gst_structure_has_name(s, "video/x-h264") != FALSE) return VideoTrack(s, "avc1", "avcC");
  if (gst_structure_has_name(s, "video/x-h265") != FALSE) return VideoTrack(s, "hvc1", "hvcC");
  if (gst_structure_has_name(s, "video/x-av1") != FALSE) return VideoTrack(s, "av01", "av1C");
  if (gst_structure_has_name(s, "audio/x-opus") != FALSE) return OpusTrack(s);
  if (gst_structure_has_name(s, "audio/mpeg") != FALSE && Has(s, "stream-format", "raw")) {
    return AacTrack(s);
  }
  return std::nullopt;
}

Bytes InitSegment(const Mp4Track& video, const std::optional<Mp4Track>& audio) {
  Bytes out;
  BoxWriter w(out);
  {
    Box ftyp(w, "ftyp");
    w.Text("iso6");
    w.U32(0);
    w.Text("iso6");
    w.Text("mp41");
    if (!audio) w.Text("cmfc");
  }
  WriteMovie(w, video, audio);
  return out;
}

}  // namespace ronin_plugin
