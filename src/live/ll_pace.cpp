// SPDX-License-Identifier: MIT
#include "live/ll_pace.h"

#include <cmath>

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kPart = 100ms;      // as many frames as fit
constexpr Nanos kShortest = 10ms;   // of a frame, whatever times say
constexpr Nanos kLongest = 5s;      // the same
constexpr Nanos kSegment = 1s;      // at least
constexpr int kUnknownTarget = 10;  // for GOPs that have not come to their end
constexpr int kLongestTarget = 12;  // longer GOPs are cut, at the price of a later first picture

Nanos PartTarget(Nanos frame) {
  // What 30000/1001 frames per second lack to 3 in a tenth must not make it 2.
  const int64_t frames = std::max<int64_t>(1, (kPart + kPart / 40) / frame);
  // The middle between 85 and 100 %, and a number that a playlist can say exactly.
  return std::chrono::round<std::chrono::milliseconds>(frames * frame * 1000 / 925);
}

int SegmentTarget(std::optional<Nanos> gop) {
  if (!gop || *gop <= 0ns) return kUnknownTarget;
  const double least = InSeconds(kSegment) * 0.98;
  const double gops = std::max(1.0, std::ceil(least / InSeconds(*gop)));
  return std::clamp(int(std::lround(gops * InSeconds(*gop) * 1.1)), 1, kLongestTarget);
}

}  // namespace

LlPace LlPace::For(Nanos frame, std::optional<Nanos> gop) {
  LlPace out{.frame = std::clamp(frame, kShortest, kLongest), .target_s = SegmentTarget(gop)};
  out.part_target = PartTarget(out.frame);
  out.target_s = std::max(out.target_s, int(std::ceil(InSeconds(out.part_target))));
  return out;
}

LlPace LlPace::WithFrame(Nanos other) const {
  LlPace out = *this;
  out.frame = std::clamp(other, kShortest, kLongest);
  out.part_target = std::min<Nanos>(PartTarget(out.frame), std::chrono::seconds(target_s));
  return out;
}

}  // namespace ronin::live
