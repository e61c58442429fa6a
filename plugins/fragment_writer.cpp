// SPDX-License-Identifier: MIT
#include "fragment_writer.h"

#include <algorithm>

#include "mp4_track.h"

namespace ronin_plugin {
namespace {

using Box = BoxWriter::Box;

constexpr uint32_t kSync = 0x02000000;     // depends on nothing
constexpr uint32_t kNotSync = 0x01010000;  // depends on others, is not a sync sample

constexpr uint32_t kTfhdDefaultFlags = 0x20;
constexpr uint32_t kTfhdBaseIsMoof = 0x20000;
constexpr uint32_t kTrunDataOffset = 0x1;
constexpr uint32_t kTrunFirstFlags = 0x4;
constexpr uint32_t kTrunDuration = 0x100;
constexpr uint32_t kTrunSize = 0x200;
constexpr uint32_t kTrunComposition = 0x800;

uint64_t PayloadOf(const FragmentTrack& track) {
  uint64_t out = 0;
  for (const FragmentSample& sample : track.samples) out += sample.size;
  return out;
}

/// NTP time: seconds since 1900 and a fraction of 2^32.
uint64_t Ntp(int64_t utc_ns) {
  constexpr uint64_t kFrom1900 = 2'208'988'800;
  const auto ns = uint64_t(utc_ns);
  const uint64_t fraction = ((ns % 1'000'000'000) << 32) / 1'000'000'000;
  return (ns / 1'000'000'000 + kFrom1900) << 32 | fraction;
}

void WriteProducerTime(BoxWriter& w, const ProducerTime& time) {
  Box box(w, "prft");
  w.Version(1, 24);  // when it was taken, but for one constant offset
  w.U32(kVideoTrackId);
  w.U64(Ntp(time.utc_ns));
  w.U64(time.media_time);
}

/// Writes `traf`; returns where the offset of the payload has to be put in.
size_t WriteTrack(BoxWriter& w, uint32_t id, const FragmentTrack& track, bool video,
                  bool keyframe) {
  Box traf(w, "traf");
  {
    Box tfhd(w, "tfhd");
    w.Version(0, kTfhdBaseIsMoof | kTfhdDefaultFlags);
    w.U32(id);
    w.U32(video ? kNotSync : kSync);
  }
  {
    Box tfdt(w, "tfdt");
    w.Version(1, 0);
    w.U64(track.decode_time);
  }
  const bool reordered = std::any_of(track.samples.begin(), track.samples.end(),
                                     [](const FragmentSample& s) { return s.offset != 0; });
  uint32_t flags = kTrunDataOffset | kTrunDuration | kTrunSize;
  if (video && keyframe) flags |= kTrunFirstFlags;
  if (reordered) flags |= kTrunComposition;
  Box trun(w, "trun");
  w.Version(1, flags);
  w.U32(uint32_t(track.samples.size()));
  const size_t offset_at = w.size();
  w.U32(0);
  if ((flags & kTrunFirstFlags) != 0) w.U32(kSync);
  for (const FragmentSample& sample : track.samples) {
    w.U32(sample.duration);
    w.U32(sample.size);
    if (reordered) w.U32(uint32_t(sample.offset));
  }
  return offset_at;
}

}  // namespace

void WriteFragment(const Fragment& fragment, Bytes& out) {
  constexpr uint64_t kMdatHeader = 8;
  BoxWriter w(out);
  if (fragment.producer_time) WriteProducerTime(w, *fragment.producer_time);
  const size_t moof_start = w.size();
  size_t video_at = 0;
  size_t audio_at = 0;
  {
    Box moof(w, "moof");
    {
      Box mfhd(w, "mfhd");
      w.Version(0, 0);
      w.U32(fragment.sequence);
    }
    video_at = WriteTrack(w, kVideoTrackId, fragment.video, true, fragment.keyframe);
    if (!fragment.audio.samples.empty()) {
      audio_at = WriteTrack(w, kAudioTrackId, fragment.audio, false, false);
    }
  }
  const uint64_t payload = w.size() - moof_start + kMdatHeader;
  const uint64_t audio_bytes = PayloadOf(fragment.audio);
  if (audio_at != 0) w.PatchU32(audio_at, uint32_t(payload));
  w.PatchU32(video_at, uint32_t(payload + audio_bytes));
  w.U32(uint32_t(kMdatHeader + audio_bytes + PayloadOf(fragment.video)));
  w.Text("mdat");
}

}  // namespace ronin_plugin
