// SPDX-License-Identifier: MIT
#include "camera/advice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongGop = 2100ms;  // two seconds are usual, and measured with a frame's tolerance
constexpr auto kShortGop = 400ms;
constexpr auto kSlowStart = 2s;
constexpr auto kClockOff = 2s;
constexpr double kFewFps = 8;
constexpr double kManyFps = 31;
// Bits for each pixel of each picture. Usual H.264 has 0.05 to 0.15; H.265 needs about half.
constexpr double kGoodBits = 0.1;
constexpr double kManyBits = 0.3;
constexpr double kFewBits = 0.01;
constexpr int kSmallMainHeight = 480;
constexpr int kLargeSubHeight = 720;
constexpr int kSubWidth = 640;
constexpr int kSubHeight = 360;

using Sentences = std::vector<std::string>;

/// Three digits at most, without zeros behind the point: 4, 2.5, 0.25.
std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 100 ? "%.0f" : "%.3g", value);
  return text;
}

template <typename Duration>
std::string Seconds(Duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return Concat(Number(std::round(seconds * 10) / 10), " s");
}

std::string Mbit(double bps) { return Concat(Number(std::round(bps / 1e5) / 10), " Mbit/s"); }

std::string SizeText(const VideoInfo& video) { return Concat(video.width, "x", video.height); }

/// Of H.264, to which the codec's need compares as 1.
double ShareOf(const VideoInfo& video) { return video.codec == "h265" ? 0.5 : 1; }

/// Bits for each pixel, as if of H.264; nothing: not known well enough to say anything of them.
std::optional<double> BitsPerPixel(const StreamReport& report) {
  const FrameFigures& figures = report.figures;
  const double pixels = double(report.video.width) * report.video.height * figures.fps;
  // The single keyframe of a GOP that was not seen whole would weigh too much.
  if (!figures.whole_gops || pixels <= 0) return std::nullopt;
  return double(figures.bitrate_bps) / pixels / ShareOf(report.video);
}

bool IsTooMuch(double bits, int64_t bitrate_bps) {
  return bits > kManyBits && bitrate_bps > 1'000'000;
}

bool HasLargeSub(const StreamReport& report) {
  return report.sub && report.video.height > kLargeSubHeight;
}

bool IsClockOff(const StreamReport& report) {
  return report.clock_offset && std::chrono::abs(*report.clock_offset) >= kClockOff;
}

void OnKeyframes(const FrameFigures& figures, Sentences* out) {
  if (!figures.keyframe_interval) {
    if (figures.without_keyframe <= kLongGop) return;
    out->push_back(Concat("No second keyframe came in ", Seconds(figures.without_keyframe),
                          ": live view and seeking start faster with one every 1 s (in the camera: "
                          "GOP or I-frame interval)."));
  } else if (*figures.keyframe_interval > kLongGop) {
    out->push_back(Concat("Keyframe every ", Seconds(*figures.keyframe_interval),
                          ": live view starts faster with 1 s."));
  } else if (*figures.keyframe_interval < kShortGop) {
    out->push_back(Concat("Keyframe every ", Seconds(*figures.keyframe_interval),
                          ": keyframes are large; with 1 s the same picture needs less disk."));
  }
}

void OnCodec(const StreamReport& report, Sentences* out) {
  if (report.video.codec == "h265") {
    out->push_back(report.sub
                       ? "H.265: this needs a browser with hardware decoding; set the sub stream "
                         "to H.264."
                       : "H.265: this needs a browser with hardware decoding, set a sub stream "
                         "with H.264.");
  }
  const FrameFigures& figures = report.figures;
  if (figures.reordered > 0ns) {
    const auto late = std::chrono::duration_cast<std::chrono::milliseconds>(figures.reordered);
    out->push_back(Concat("B-frames delay the live picture by ", late.count(),
                          " ms; switch them off in the camera."));
  }
}

void OnBitrate(const StreamReport& report, Sentences* out) {
  const FrameFigures& figures = report.figures;
  const auto bits = BitsPerPixel(report);
  if (!bits) return;
  const double good = double(figures.bitrate_bps) / *bits * kGoodBits;
  const std::string is = Mbit(double(figures.bitrate_bps));
  const std::string at =
      Concat(SizeText(report.video), " at ", std::lround(figures.fps), " pictures per second");
  if (IsTooMuch(*bits, figures.bitrate_bps)) {
    out->push_back(Concat(is, " is much for ", at, ": about ", Mbit(good),
                          " is enough, and recordings can be kept ",
                          Number(std::floor(*bits / kGoodBits)), " times as long."));
  } else if (*bits < kFewBits) {
    out->push_back(Concat(is, " is little for ", at,
                          ": if moving things look blurred, allow the camera up to ", Mbit(good),
                          "."));
  }
}

void OnRate(const FrameFigures& figures, Sentences* out) {
  if (figures.fps > 0 && figures.fps < kFewFps) {
    out->push_back(
        Concat("Only ", Number(figures.fps),
               " pictures per second: movements look jerky; 10 to 15 suit most places."));
  } else if (figures.fps > kManyFps) {
    out->push_back(Concat(Number(std::round(figures.fps)),
                          " pictures per second: 25 or 30 show the same with less disk."));
  }
  if (!figures.steady) {
    out->push_back(
        "The time between pictures varies: set a constant frame rate, and check the network if it "
        "is set already.");
  }
}

void OnSize(const StreamReport& report, Sentences* out) {
  const int height = report.video.height;
  if (!report.sub && height > 0 && height < kSmallMainHeight) {
    out->push_back(Concat("Only ", SizeText(report.video),
                          ": if the camera can do more, this is the address of its sub stream."));
  } else if (HasLargeSub(report)) {
    out->push_back(Concat(SizeText(report.video),
                          " is large for a sub stream: 640x360 is enough for many cameras on one "
                          "page."));
  }
}

void OnAudio(const StreamReport& report, Sentences* out) {
  if (!report.audio_wanted || report.audio) return;
  out->push_back(report.audio_offered
                     ? "The camera announces sound, but none came; check its microphone."
                     : "The camera sends no sound, or a kind that cannot be recorded; if it has a "
                       "microphone, switch it on with AAC or G.711.");
}

void OnClock(const StreamReport& report, Sentences* out) {
  if (!IsClockOff(report)) return;
  const bool ahead = report.clock_offset->count() > 0;
  out->push_back(Concat("The camera's clock is ", Seconds(std::chrono::abs(*report.clock_offset)),
                        ahead ? " ahead" : " behind",
                        ": let it set its clock by NTP, so that the time in the picture is "
                        "right."));
}

void OnStart(const StreamReport& report, Sentences* out) {
  const auto& interval = report.figures.keyframe_interval;
  const bool long_gop = !interval || *interval > kLongGop;
  if (long_gop || !report.time_to_first_frame || *report.time_to_first_frame < kSlowStart) return;
  out->push_back(Concat("The first picture took ", Seconds(*report.time_to_first_frame),
                        ": the camera may be overloaded, or the network slow."));
}

/// Of the size and rate that the fix leads to.
int64_t GoodBitrate(const StreamReport& report, const Fix& fix) {
  const double pixels = double(fix.width.value_or(report.video.width)) *
                        fix.height.value_or(report.video.height) *
                        fix.fps.value_or(report.figures.fps);
  const double share = report.sub ? 1 : ShareOf(report.video);  // a sub stream is to be H.264
  constexpr double kStep = 100'000;
  return int64_t(std::max(1.0, std::round(pixels * share * kGoodBits / kStep)) * kStep);
}

}  // namespace

Fix FixFor(const StreamReport& report) {
  Fix out;
  const FrameFigures& figures = report.figures;
  if (report.video.codec == "h265") out.codec = "h264";
  const auto interval = figures.keyframe_interval.value_or(figures.without_keyframe);
  if (interval > kLongGop || (figures.keyframe_interval && interval < kShortGop)) {
    out.keyframe_interval_s = 1;
  }
  if (figures.fps > 0 && figures.fps < kFewFps) out.fps = report.sub ? 10 : 15;
  if (figures.fps > kManyFps) out.fps = 25;
  if (HasLargeSub(report)) {
    out.width = kSubWidth;
    out.height = kSubHeight;
  }
  const auto bits = BitsPerPixel(report);
  if (bits && (out.width || *bits < kFewBits || IsTooMuch(*bits, figures.bitrate_bps))) {
    out.bitrate_bps = GoodBitrate(report, out);
  }
  out.set_clock = IsClockOff(report);
  return out;
}

Sentences AdviceOn(const StreamReport& report) {
  Sentences out;
  OnCodec(report, &out);
  OnKeyframes(report.figures, &out);
  OnRate(report.figures, &out);
  OnBitrate(report, &out);
  OnSize(report, &out);
  OnStart(report, &out);
  OnClock(report, &out);
  OnAudio(report, &out);
  return out;
}

}  // namespace ronin::camera
