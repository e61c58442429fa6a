// SPDX-License-Identifier: MIT
#include "camera/frame_figures.h"

#include <algorithm>

namespace ronin::camera {
namespace {

constexpr size_t kFewFrames = 20;  // too few to call a rate unsteady

double SecondsOf(uint64_t ns) { return double(ns) / 1e9; }

/// Whether nine of ten intervals are within half of the usual one.
bool IsSteady(const std::vector<uint64_t>& sorted) {
  if (sorted.size() < kFewFrames) return true;
  std::vector<uint64_t> gaps;
  for (size_t i = 1; i < sorted.size(); ++i) gaps.push_back(sorted[i] - sorted[i - 1]);
  const auto middle = gaps.begin() + std::ptrdiff_t(gaps.size() / 2);
  std::ranges::nth_element(gaps, middle);
  const uint64_t usual = *middle;
  const auto odd = std::ranges::count_if(
      gaps, [&](uint64_t gap) { return gap < usual / 2 || gap > usual + usual / 2; });
  return size_t(odd) * 10 <= gaps.size();
}

int64_t Bitrate(uint64_t bytes, uint64_t ns) {
  return ns == 0 ? 0 : int64_t(double(bytes) * 8 / SecondsOf(ns));
}

}  // namespace

FrameFigures FiguresOf(const std::vector<LoggedFrame>& frames) {
  FrameFigures out;
  if (frames.empty()) return out;
  std::vector<uint64_t> times;
  uint64_t newest = 0;
  uint64_t bytes = 0;      // of all frames before the one at hand
  uint64_t gop_bytes = 0;  // … from the first keyframe to the newest
  uint64_t bytes_at_key = 0;
  uint64_t reordered = 0;
  uint64_t first_key = 0;
  uint64_t last_key = 0;
  int keyframes = 0;
  for (const LoggedFrame& frame : frames) {
    if (newest > frame.pts_ns) reordered = std::max(reordered, newest - frame.pts_ns);
    newest = std::max(newest, frame.pts_ns);
    if (frame.keyframe) {
      if (keyframes++ == 0) {
        first_key = frame.pts_ns;
        bytes_at_key = bytes;
      }
      last_key = frame.pts_ns;
      gop_bytes = bytes - bytes_at_key;
    }
    bytes += frame.bytes;
    times.push_back(frame.pts_ns);
  }
  // With B-frames, pictures that are shown before the newest one may still be missing.
  std::erase_if(times, [&](uint64_t time) { return time > newest - reordered; });
  std::ranges::sort(times);
  const uint64_t span = times.back() - times.front();
  out.span = FrameFigures::Nanos(span);
  out.reordered = FrameFigures::Nanos(reordered);
  out.steady = IsSteady(times);
  if (span > 0) out.fps = double(times.size() - 1) / SecondsOf(span);
  out.without_keyframe = FrameFigures::Nanos(newest - (keyframes > 0 ? last_key : times.front()));
  if (keyframes > 1 && last_key > first_key) {
    out.whole_gops = true;
    out.keyframe_interval = FrameFigures::Nanos((last_key - first_key) / uint64_t(keyframes - 1));
    out.bitrate_bps = Bitrate(gop_bytes, last_key - first_key);
  } else {
    out.bitrate_bps = Bitrate(bytes - frames.back().bytes, span);
  }
  return out;
}

}  // namespace ronin::camera
