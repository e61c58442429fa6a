// SPDX-License-Identifier: MIT
#include "demo/clip_maker.h"

#include <atomic>
#include <chrono>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "demo/clip_encoder.h"

namespace ronin::demo {
namespace {

/// Raise it when the encoding changes, so that files of older versions are not used.
constexpr int kVersion = 3;

/// 8 s are 125 AAC frames at 16 kHz, the shortest whole number of seconds that is whole frames.
constexpr int kAudioSeconds = 8;
constexpr size_t kAacLoopPackets = 125;
/// The encoder's start-up is cut off. The ticks repeat each second, so what follows the loop's
/// last packet in the file sounds as its first one does.
constexpr size_t kAacSkippedPackets = 16;
constexpr int kG711PacketSamples = 320;  // 40 ms

std::string Describe(const ClipSpec& s) {
  const std::string out =
      Concat(kVersion, '|', int(s.kind), '|', int(s.video), '|', s.name, '|', s.pattern, '|',
             s.width, 'x', s.height, '|', s.fps, '|', s.seconds, '|', s.kbit);
  return Concat(out, s.gop_s == 1 ? "" : Concat("|gop ", s.gop_s), s.reordered ? "|B" : "");
}

/// "front-door": what is left of a name in a file name.
std::string Slug(const std::string& name) {
  std::string out;
  for (const char c : name) out += g_ascii_isalnum(c) ? char(g_ascii_tolower(c)) : '-';
  return out;
}

std::string VideoFileName(const ClipSpec& spec) {
  const GCharPtr hash(g_compute_checksum_for_string(G_CHECKSUM_SHA256, Describe(spec).c_str(), -1));
  return Concat(Slug(spec.name), '-', spec.width, 'x', spec.height, '-',
                std::string_view(hash.get(), 16),
                spec.video == VideoCodec::kH264 ? ".h264" : ".h265");
}

std::string AudioFileName(AudioCodec codec) {
  const char* suffix = codec == AudioCodec::kAac    ? ".aac"
                       : codec == AudioCodec::kPcmu ? ".ulaw"
                                                    : ".alaw";
  return Concat("ticks-v", kVersion, suffix);
}

Result<GRef<GBytes>> MapFile(const std::filesystem::path& path) {
  GErrorPtr error;
  GMappedFile* file = g_mapped_file_new(path.c_str(), FALSE, Out(error));
  if (file == nullptr) return Fail(ErrorFromGError(error.get(), "open clip " + path.string()));
  auto bytes = Adopt(g_mapped_file_get_bytes(file));
  g_mapped_file_unref(file);
  return bytes;
}

/// A name beside `path` that no other thread or process uses.
std::filesystem::path PartName(const std::filesystem::path& path) {
  static std::atomic<uint32_t> next{0};
  std::filesystem::path out = path;
  out += Concat(".", g_random_int(), ".", next++, ".part");
  return out;
}

Result<AudioTrack> CutAac(GRef<GBytes> data) {
  auto track = SplitAdts(std::move(data));
  if (!track) return track;
  if (track->packets.size() < kAacSkippedPackets + kAacLoopPackets) {
    return Fail(ErrorKind::kCorrupt, "sound clip is too short");
  }
  const auto begin = track->packets.begin() + kAacSkippedPackets;
  track->packets = std::vector<Span>(begin, begin + kAacLoopPackets);
  return track;
}

AudioTrack CutG711(AudioCodec codec, GRef<GBytes> data) {
  AudioTrack out;
  out.codec = codec;
  out.rate = AudioRate(codec);
  out.samples_per_packet = kG711PacketSamples;
  for (size_t at = 0; at + kG711PacketSamples <= g_bytes_get_size(data.Get());) {
    out.packets.push_back({at, kG711PacketSamples});
    at += kG711PacketSamples;
  }
  out.data = std::move(data);
  return out;
}

}  // namespace

ClipMaker::ClipMaker(std::filesystem::path cache, Progress progress)
    : cache_(std::move(cache)), progress_(std::move(progress)) {}

Result<GRef<GBytes>> ClipMaker::Cached(const std::string& name, const Encode& encode) const {
  const std::filesystem::path path = cache_ / name;
  std::error_code error;
  if (std::filesystem::exists(path, error)) return MapFile(path);
  std::filesystem::create_directories(cache_, error);
  if (error) return Fail(ErrorFromErrno(error.value(), "create folder " + cache_.string()));

  if (progress_) progress_(Concat("encoding ", name, ", once"));
  const auto start = std::chrono::steady_clock::now();
  const std::filesystem::path part = PartName(path);
  if (auto encoded = encode(part); !encoded) {
    std::filesystem::remove(part, error);
    return Fail(encoded.error().In("clip " + name));
  }
  std::filesystem::rename(part, path, error);
  if (error) return Fail(ErrorFromErrno(error.value(), "rename clip " + path.string()));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (progress_) progress_(Concat("encoded ", name, " in ", int(took.count() * 10) / 10.0, " s"));
  return MapFile(path);
}

Result<AudioTrack> ClipMaker::Audio(AudioCodec codec) const {
  if (codec == AudioCodec::kNone) return AudioTrack{};
  const bool aac = codec == AudioCodec::kAac;
  const int seconds = aac ? kAudioSeconds + 4 : kAudioSeconds;
  auto data = Cached(AudioFileName(codec), [&](const std::filesystem::path& file) {
    return EncodeAudio(codec, seconds, file);
  });
  if (!data) return Fail(data.error());
  if (aac) return CutAac(std::move(*data));
  return CutG711(codec, std::move(*data));
}

Result<ClipRef> ClipMaker::Make(const ClipSpec& spec) const {
  auto video = Cached(VideoFileName(spec),
                      [&](const std::filesystem::path& file) { return EncodeVideo(spec, file); });
  if (!video) return Fail(video.error());
  auto audio = Audio(spec.audio);
  if (!audio) return Fail(audio.error());

  gsize size = 0;
  const auto* data = static_cast<const uint8_t*>(g_bytes_get_data(video->Get(), &size));
  auto pictures = SplitPictures(data, size, spec.video);
  if (!pictures) return Fail(pictures.error());
  for (size_t i = 0; i < pictures->size(); ++i) {
    const AccessUnit& picture = (*pictures)[i];
    if (picture.slices.size == 0 || picture.keyframe != (i % size_t(spec.gop()) == 0)) {
      return Fail(ErrorKind::kCorrupt,
                  Concat("clip has no whole GOP of ", spec.gop_s, " s around picture ", i));
    }
  }
  if (pictures->size() != size_t(spec.frames())) {
    return Fail(ErrorKind::kCorrupt,
                Concat("clip has ", pictures->size(), " pictures instead of ", spec.frames()));
  }
  return std::make_shared<const Clip>(
      Clip{spec, std::move(*video), std::move(*pictures), std::move(*audio)});
}

}  // namespace ronin::demo
