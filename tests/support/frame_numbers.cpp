// SPDX-License-Identifier: MIT
#include "support/frame_numbers.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include <gio/gio.h>

#include "base/g_ref.h"
#include "base/text.h"
#include "demo/frame_sei.h"

RONIN_G_OBJECT(GSubprocess)

namespace ronin::testing {
namespace {

using Words = std::vector<const char*>;
using Bytes = std::vector<uint8_t>;

/// What a tool writes, when it exits with 0 and has nothing to say on standard error.
Result<std::string> RunSilently(Words words) {
  const std::string tool = words.front();
  words.push_back(nullptr);
  GErrorPtr error;
  const auto process = Adopt(g_subprocess_newv(
      words.data(),
      GSubprocessFlags(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE),
      Out(error)));
  if (!process) return Fail(ErrorKind::kNotFound, "cannot run " + tool, error->message);

  GBytes* raw_out = nullptr;
  GBytes* raw_err = nullptr;
  const bool ok = g_subprocess_communicate(process.Get(), nullptr, nullptr, &raw_out, &raw_err,
                                           Out(error)) != FALSE;
  const auto out = Adopt(raw_out);
  const auto err = Adopt(raw_err);
  if (!ok) return Fail(ErrorFromGError(error.get(), "run " + tool));
  const auto text = [](const GRef<GBytes>& bytes) {
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
    return data != nullptr ? std::string(data, size) : std::string();
  };
  const std::string complaint = text(err);
  if (!g_subprocess_get_successful(process.Get()) || !complaint.empty()) {
    return Fail(ErrorKind::kCorrupt, tool + " complains", complaint);
  }
  return text(out);
}

/// The content of a NAL unit without the 3s that keep start codes out of it.
Bytes Unescape(const uint8_t* begin, const uint8_t* end) {
  Bytes out;
  for (const uint8_t* at = begin; at != end; ++at) {
    const bool escape = *at == 3 && at - begin >= 2 && at[-1] == 0 && at[-2] == 0;
    if (!escape) out.push_back(*at);
  }
  return out;
}

uint64_t Number(const uint8_t* at) {
  uint64_t out = 0;
  for (int i = 0; i < 8; ++i) out = out << 8U | at[i];
  return out;
}

/// Looks for our message among those of one SEI unit (headers removed).
std::optional<RecordedFrame> FindStamp(const Bytes& sei) {
  size_t at = 0;
  const auto variable = [&] {
    size_t value = 0;
    while (at < sei.size() && sei[at] == 0xff) value += sei[at++];
    return at < sei.size() ? value + sei[at++] : value;
  };
  while (at + 2 < sei.size()) {
    const size_t type = variable();
    const size_t size = variable();
    if (size > sei.size() - at) return {};
    const uint8_t* body = sei.data() + at;
    if (type == 5 && size == 40 &&
        std::equal(demo::kFrameUuid.begin(), demo::kFrameUuid.end(), body)) {
      RecordedFrame out;
      out.number = Number(body + 16);
      out.sender_mono_ns = int64_t(Number(body + 24));
      out.sender_utc_ns = int64_t(Number(body + 32));
      return out;
    }
    at += size;
  }
  return {};
}

struct CodecFacts {
  const char* filter;
  const char* format;
  int header_size;
  bool (*is_sei)(uint8_t header);
};

constexpr CodecFacts kH264 = {"h264_mp4toannexb", "h264", 1,
                              [](uint8_t h) { return (h & 0x1f) == 6; }};
constexpr CodecFacts kH265 = {"hevc_mp4toannexb", "hevc", 2,
                              [](uint8_t h) { return ((h >> 1) & 0x3f) == 39; }};

/// Times and keyframe flags of the packets, in file order.
Result<std::vector<std::pair<double, bool>>> ReadPackets(const std::string& file) {
  const auto text =
      RunSilently({"ffprobe", "-v", "warning", "-select_streams", "v:0", "-show_entries",
                   "packet=pts_time,flags", "-of", "csv=p=0", file.c_str()});
  if (!text) return Fail(text.error());
  std::vector<std::pair<double, bool>> out;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (Trim(line).empty()) continue;
    const size_t comma = line.find(',');
    const bool key = comma != std::string::npos && line.find('K', comma) != std::string::npos;
    out.emplace_back(std::strtod(line.c_str(), nullptr), key);
  }
  return out;
}

Result<int> Count(const std::filesystem::path& file, const char* how, const char* entry) {
  const std::string path = file.string();
  const auto text =
      RunSilently({"ffprobe", "-v", "warning", "-select_streams", "v:0", how, "-show_entries",
                   entry, "-of", "default=nokey=1:noprint_wrappers=1", path.c_str()});
  if (!text) return Fail(text.error());
  return std::atoi(text->c_str());
}

}  // namespace

std::vector<RecordedFrame> ScanFrameStamps(std::string_view stream, demo::VideoCodec video) {
  const CodecFacts& codec = video == demo::VideoCodec::kH265 ? kH265 : kH264;
  std::vector<RecordedFrame> out;
  constexpr std::string_view kStartCode("\0\0\1", 3);
  size_t start = stream.find(kStartCode);
  while (start != std::string_view::npos) {
    const size_t next = stream.find(kStartCode, start + 3);
    const auto* unit = reinterpret_cast<const uint8_t*>(stream.data()) + start + 3;
    const auto* end =
        reinterpret_cast<const uint8_t*>(stream.data()) + std::min(next, stream.size());
    if (end - unit > codec.header_size && codec.is_sei(*unit)) {
      if (auto stamp = FindStamp(Unescape(unit + codec.header_size, end))) out.push_back(*stamp);
    }
    start = next;
  }
  return out;
}

Result<std::vector<RecordedFrame>> ReadFrameNumbers(const std::filesystem::path& file) {
  const std::string path = file.string();
  const auto name =
      RunSilently({"ffprobe", "-v", "warning", "-select_streams", "v:0", "-show_entries",
                   "stream=codec_name", "-of", "default=nokey=1:noprint_wrappers=1", path.c_str()});
  if (!name) return Fail(name.error());
  const bool h265 = Trim(*name) == "hevc";
  const CodecFacts& codec = h265 ? kH265 : kH264;
  const auto stream = RunSilently({"ffmpeg", "-v", "warning", "-nostdin", "-copytb", "1", "-i",
                                   path.c_str(), "-map", "0:v:0", "-c", "copy", "-bsf:v",
                                   codec.filter, "-f", codec.format, "pipe:1"});
  if (!stream) return Fail(stream.error());
  const auto packets = ReadPackets(path);
  if (!packets) return Fail(packets.error());

  std::vector<RecordedFrame> out =
      ScanFrameStamps(*stream, h265 ? demo::VideoCodec::kH265 : demo::VideoCodec::kH264);
  if (out.size() != packets->size()) {
    return Fail(ErrorKind::kCorrupt,
                Concat(path, ": ", out.size(), " stamps in ", packets->size(), " pictures"));
  }
  for (size_t i = 0; i < out.size(); ++i) {
    out[i].pts_seconds = (*packets)[i].first;
    out[i].keyframe = (*packets)[i].second;
  }
  return out;
}

Result<int> FfprobeIsSilent(const std::filesystem::path& file) {
  return Count(file, "-count_packets", "stream=nb_read_packets");
}

Result<int> DecodesSilently(const std::filesystem::path& file) {
  return Count(file, "-count_frames", "stream=nb_read_frames");
}

}  // namespace ronin::testing
