// SPDX-License-Identifier: MIT
// What cameras say of their own clocks in RTCP sender reports is kept, and changes nothing else.
#include <sstream>

#include <gtest/gtest.h>

#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"
#include "support/shell.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using demo::AudioCodec;
using Milliseconds = std::chrono::milliseconds;

constexpr double kNear = 50'000;  // µs
constexpr double kFrameS = 0.04;
// The delay of a connection's first pictures is taken out of the times of those that follow.
constexpr double kSettleS = 0.1;

Milliseconds Since1970() {
  return std::chrono::duration_cast<Milliseconds>(SystemClock().Now().time_since_epoch());
}

/// The newest reading of the camera's clock in its present connection; 0: none.
uint64_t Readings(const RecorderFixture& fixture, int64_t id) {
  const auto& facts = fixture.camera(id)->facts();
  const auto newest = facts ? facts->sender_clock.newest() : std::nullopt;
  return newest ? newest->number : 0;
}

/// Each picture is in the file, at the time at which the camera sent it.
void ExpectAllAtTheirTimes(RecorderFixture& fixture, const Segment& row) {
  const auto frames = ReadFrameNumbers(fixture.PathOf(row));
  ASSERT_TRUE(frames) << frames.error().Text();
  ASSERT_EQ(row.frames.value_or(-1), int64_t(frames->size()));
  const auto& first = frames->front();
  for (size_t i = 0; i < frames->size(); ++i) {
    EXPECT_EQ((*frames)[i].number, first.number + i);
    EXPECT_NEAR((*frames)[i].pts_seconds - first.pts_seconds, double(i) * kFrameS, kSettleS) << i;
  }
  const auto sent = FromMicros(first.sender_utc_ns / 1000);
  EXPECT_LT(std::chrono::abs(row.start - sent), 500ms);
}

/// It begins with the picture, and its packets follow each other evenly.
void ExpectSoundWithoutAHole(const std::string& path) {
  std::istringstream times(
      Shell("ffprobe -v error -select_streams a:0 -show_entries packet=pts_time -of csv=p=0 '" +
            path + "' | tr -d ,"));
  std::vector<double> packets;
  for (double at = 0; times >> at;) packets.push_back(at);
  ASSERT_GE(packets.size(), 3U);
  EXPECT_LT(packets.front(), 0.3);
  const double step = packets[2] - packets[1];
  for (size_t i = 1; i < packets.size(); ++i) {
    EXPECT_NEAR(packets[i] - packets[i - 1], step, 0.01) << "at " << packets[i];
  }
}

struct Wrong {
  const char* name;
  Milliseconds off;  // with kTo1970: to there
  AudioCodec audio = AudioCodec::kNone;
};
constexpr Milliseconds kTo1970 = Milliseconds::min();

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class EveryCameraClock : public ::testing::TestWithParam<Wrong> {};

TEST_P(EveryCameraClock, IsKeptForEachFileAndMovesNoPicture) {
  FakeCamera camera({.clip = demo::NumberedClip(GetParam().audio)});
  const Milliseconds off = GetParam().off == kTo1970 ? -Since1970() : GetParam().off;
  camera->SetWallClock(off);
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());

  ASSERT_TRUE(PumpUntil([&] { return Readings(fixture, id) == 1; }, kLong));
  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_TRUE(rows[0].camera_clock);
  EXPECT_NEAR(double(rows[0].camera_clock->offset.count()), double(Micros(off).count()), kNear);
  EXPECT_FALSE(rows[0].camera_clock->drift) << "by a single report";
  EXPECT_EQ(rows[0].clock_epoch, 0);
  ExpectAllAtTheirTimes(fixture, rows[0]);
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryCameraClock,
                         ::testing::Values(Wrong{"Right", 0ms}, Wrong{"Behind", -12'300ms},
                                           Wrong{"DaysAhead", 120h, AudioCodec::kAac},
                                           Wrong{"In1970", kTo1970}),
                         [](const auto& wrong) { return std::string(wrong.param.name); });

TEST(CameraClocks, AreNotKnownOfACameraThatReportsNone) {
  for (const bool rtcp : {false, true}) {
    FakeCamera camera({.camera = {.rtcp = rtcp}});
    camera->SetReports(false);
    RecorderFixture fixture(10s);
    fixture.Add("Yard", camera.url());

    ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() == 1; }, kLong));
    fixture.StopAll();

    for (const Segment& row : fixture.Rows()) {
      EXPECT_FALSE(row.camera_clock);
      ExpectAllAtTheirTimes(fixture, row);
    }
  }
}

TEST(CameraClocks, ThatAreSetMeanwhileDriftAndMoveNeitherPictureNorSound) {
  FakeCamera camera({.clip = demo::NumberedClip(AudioCodec::kAac)});
  camera->SetWallClock(-5s);
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil([&] { return Readings(fixture, id) == 1; }, kLong));

  camera->SetWallClock(-3s);
  ASSERT_TRUE(PumpUntil([&] { return Readings(fixture, id) == 2; }, kLong));
  // The next file begins with what is known by then.
  fixture.volumes().all()[0]->SyncFailed({ErrorKind::kUnavailable, "injected"});
  ASSERT_TRUE(PumpUntil([&] { return fixture.Rows().size() == 2; }, kLong));
  EXPECT_TRUE(fixture.Rows()[1].camera_clock) << "while it is being recorded";
  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_EQ(rows.size(), 2U);
  ASSERT_TRUE(rows[0].camera_clock && rows[0].camera_clock->drift && rows[1].camera_clock);
  EXPECT_NEAR(double(rows[0].camera_clock->offset.count()), -5e6, kNear);
  EXPECT_NEAR(double(rows[0].camera_clock->drift->count()), 2e6, kNear);
  EXPECT_NEAR(double(rows[1].camera_clock->offset.count()), -3e6, kNear);
  EXPECT_EQ(rows[0].end, rows[1].start);
  for (const Segment& row : rows) {
    ExpectAllAtTheirTimes(fixture, row);
    ExpectSoundWithoutAHole(fixture.PathOf(row));
  }
}

}  // namespace
}  // namespace ronin::testing
