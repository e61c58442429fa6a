// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "demo/clip_spec.h"

/// Reads recordings back with other people's tools (ffmpeg, ffprobe) and without decoding, so
/// that a mistake of the product cannot hide itself. Any thread; blocks while the tools run.
namespace ronin::testing {

/// One picture of a recorded file, as the fake camera stamped it.
struct RecordedFrame {
  uint64_t number = 0;
  int64_t sender_utc_ns = 0;
  int64_t sender_mono_ns = 0;
  double pts_seconds = 0;  ///< in the file
  bool keyframe = false;
};

/// The stamped pictures of an MP4 file's (first) video track, in file order.
/// Errors: kNotFound when ffmpeg is not installed; kCorrupt when a tool complains, when a
/// picture has no stamp, or when ffprobe counts other pictures than there are stamps.
Result<std::vector<RecordedFrame>> ReadFrameNumbers(const std::filesystem::path& file);

/// The stamps in a byte stream (Annex B), for one access unit or many; without pts and keyframe.
std::vector<RecordedFrame> ScanFrameStamps(std::string_view byte_stream, demo::VideoCodec codec);

/// The number of video packets, when ffprobe reads (not decodes) the file without a word.
/// Errors: kCorrupt with what ffprobe said.
Result<int> FfprobeIsSilent(const std::filesystem::path& file);

/// The same, and every picture is decoded too.
Result<int> DecodesSilently(const std::filesystem::path& file);

}  // namespace ronin::testing
