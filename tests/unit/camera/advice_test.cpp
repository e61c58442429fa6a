// SPDX-License-Identifier: MIT
#include "camera/advice.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A camera that is set as it should be.
StreamReport Good() {
  return {.video = {.codec = "h264", .profile = "main", .width = 1920, .height = 1080},
          .figures = {.fps = 25,
                      .bitrate_bps = 4'000'000,
                      .whole_gops = true,
                      .span = 3s,
                      .keyframe_interval = 1s},
          .audio_offered = true,
          .audio = AudioInfo{.codec = "aac", .sample_rate_hz = 16000, .channels = 1},
          .audio_encoding = "MPEG4-GENERIC",
          .time_to_first_frame = 400ms,
          .clock_offset = Micros(-300ms)};
}

TEST(Advice, IsEmptyForACameraThatIsSetWell) { EXPECT_THAT(AdviceOn(Good()), IsEmpty()); }

struct AdviceCase {
  const char* name;
  std::function<void(StreamReport&)> change;
  const char* sentence;  // nullptr: nothing is said
};

class AdviceOnOneThing : public ::testing::TestWithParam<AdviceCase> {};

TEST_P(AdviceOnOneThing, IsOneSentence) {
  StreamReport report = Good();
  GetParam().change(report);

  const auto advice = AdviceOn(report);

  if (GetParam().sentence == nullptr) {
    EXPECT_THAT(advice, IsEmpty());
  } else {
    EXPECT_THAT(advice, ElementsAre(GetParam().sentence));
  }
}

const AdviceCase kCases[] = {
    {"LongGop", [](auto& r) { r.figures.keyframe_interval = 4s; },
     "Keyframe every 4 s: live view starts faster with 1 s."},
    {"UsualGop", [](auto& r) { r.figures.keyframe_interval = 2040ms; }, nullptr},
    {"ShortGop", [](auto& r) { r.figures.keyframe_interval = 200ms; },
     "Keyframe every 0.2 s: keyframes are large; with 1 s the same picture needs less disk."},
    {"NoSecondKeyframe",
     [](auto& r) {
       r.figures.keyframe_interval.reset();
       r.figures.without_keyframe = 3640ms;
       r.figures.whole_gops = false;
     },
     "No second keyframe came in 3.6 s: live view and seeking start faster with one every 1 s (in "
     "the camera: GOP or I-frame interval)."},
    {"NoSecondKeyframeYet",
     [](auto& r) {
       r.figures.keyframe_interval.reset();
       r.figures.without_keyframe = 1500ms;
       r.figures.whole_gops = false;
     },
     nullptr},
    {"H265", [](auto& r) { r.video.codec = "h265"; },
     "H.265: this needs a browser with hardware decoding, set a sub stream with H.264."},
    {"H265AsSubStream",
     [](auto& r) {
       r.video = {.codec = "h265", .width = 640, .height = 360};
       r.figures.bitrate_bps = 300'000;
       r.sub = true;
     },
     "H.265: this needs a browser with hardware decoding; set the sub stream to H.264."},
    {"BFrames", [](auto& r) { r.figures.reordered = 80ms; },
     "B-frames delay the live picture by 80 ms; switch them off in the camera."},
    {"HighBitrate", [](auto& r) { r.figures.bitrate_bps = 16'400'000; },
     "16.4 Mbit/s is much for 1920x1080 at 25 pictures per second: about 5.2 Mbit/s is enough, "
     "and recordings can be kept 3 times as long."},
    {"LowBitrate", [](auto& r) { r.figures.bitrate_bps = 300'000; },
     "0.3 Mbit/s is little for 1920x1080 at 25 pictures per second: if moving things look "
     "blurred, allow the camera up to 5.2 Mbit/s."},
    {"BitrateOfPartOfAGop",
     [](auto& r) {
       r.figures.bitrate_bps = 30'000'000;
       r.figures.whole_gops = false;
     },
     nullptr},
    {"FewPictures",
     [](auto& r) {
       r.figures.fps = 5;
       r.figures.bitrate_bps = 1'000'000;
     },
     "Only 5 pictures per second: movements look jerky; 10 to 15 suit most places."},
    {"ManyPictures", [](auto& r) { r.figures.fps = 59.94; },
     "60 pictures per second: 25 or 30 show the same with less disk."},
    {"UnsteadyPictures", [](auto& r) { r.figures.steady = false; },
     "The time between pictures varies: set a constant frame rate, and check the network if it is "
     "set already."},
    {"SmallMainStream",
     [](auto& r) {
       r.video.width = 640;
       r.video.height = 360;
       r.figures.bitrate_bps = 500'000;
     },
     "Only 640x360: if the camera can do more, this is the address of its sub stream."},
    {"LargeSubStream", [](auto& r) { r.sub = true; },
     "1920x1080 is large for a sub stream: 640x360 is enough for many cameras on one page."},
    {"NoSound",
     [](auto& r) {
       r.audio.reset();
       r.audio_offered = false;
     },
     "The camera sends no sound, or a kind that cannot be recorded; if it has a microphone, switch "
     "it on with AAC or G.711."},
    {"SilentSound", [](auto& r) { r.audio.reset(); },
     "The camera announces sound, but none came; check its microphone."},
    {"UnwantedSound",
     [](auto& r) {
       r.audio.reset();
       r.audio_wanted = false;
     },
     nullptr},
    {"ClockAhead", [](auto& r) { r.clock_offset = 3600s; },
     "The camera's clock is 3600 s ahead: let it set its clock by NTP, so that the time in the "
     "picture is right."},
    {"ClockBehind", [](auto& r) { r.clock_offset = -2500ms; },
     "The camera's clock is 2.5 s behind: let it set its clock by NTP, so that the time in the "
     "picture is right."},
    {"UnknownClock", [](auto& r) { r.clock_offset.reset(); }, nullptr},
    {"SlowStart", [](auto& r) { r.time_to_first_frame = 2600ms; },
     "The first picture took 2.6 s: the camera may be overloaded, or the network slow."},
    {"RunningAlready", [](auto& r) { r.time_to_first_frame.reset(); }, nullptr},
};

INSTANTIATE_TEST_SUITE_P(Advice, AdviceOnOneThing, ::testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Advice, SaysAllThatIsWrong) {
  StreamReport report = Good();
  report.video.codec = "h265";
  report.figures.keyframe_interval = 10s;
  report.clock_offset.reset();

  const auto advice = AdviceOn(report);

  ASSERT_EQ(advice.size(), 2u);
  EXPECT_EQ(advice[1], "Keyframe every 10 s: live view starts faster with 1 s.");
}

TEST(Fix, IsEmptyForACameraThatIsSetWell) { EXPECT_EQ(FixFor(Good()), Fix()); }

TEST(Fix, SetsWhatTheAdviceIsAbout) {
  StreamReport report = Good();
  report.figures.keyframe_interval = 4s;
  report.figures.fps = 60;
  report.figures.bitrate_bps = 50'000'000;
  report.clock_offset = -5s;

  const Fix fix = FixFor(report);

  EXPECT_EQ(
      fix, (Fix{.fps = 25, .keyframe_interval_s = 1, .bitrate_bps = 5'200'000, .set_clock = true}));
}

TEST(Fix, MakesASubStreamSmallAndH264) {
  StreamReport report = Good();
  report.sub = true;
  report.video.codec = "h265";
  report.figures.fps = 15;

  const Fix fix = FixFor(report);

  EXPECT_EQ(fix, (Fix{.codec = "h264", .width = 640, .height = 360, .bitrate_bps = 300'000}));
}

TEST(Fix, LeavesABitrateThatWasNotMeasuredWhole) {
  StreamReport report = Good();
  report.figures.keyframe_interval.reset();
  report.figures.without_keyframe = 4s;
  report.figures.whole_gops = false;
  report.figures.bitrate_bps = 50'000'000;

  EXPECT_EQ(FixFor(report), (Fix{.keyframe_interval_s = 1}));
}

TEST(Fix, IsNoneForWhatACameraCannotBeSetTo) {
  StreamReport report = Good();
  report.audio.reset();
  report.figures.reordered = 80ms;
  report.figures.steady = false;

  EXPECT_EQ(FixFor(report), Fix());
}

}  // namespace
}  // namespace ronin::camera
