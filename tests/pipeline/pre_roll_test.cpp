// SPDX-License-Identifier: MIT
// A recording that is started begins with the GOP that the camera is in, not with the next one.
#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "base/text.h"
#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"
#include "support/shell.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using demo::AudioCodec;
using demo::SentFrame;

constexpr int kGopSeconds = 4;

demo::ClipSpec LongGops(AudioCodec audio) {
  demo::ClipSpec clip = demo::NumberedClip(audio);
  clip.gop_s = kGopSeconds;
  clip.seconds = 3 * kGopSeconds;
  return clip;
}

/// A camera with GOPs of several seconds that is online and not recorded.
class PreRoll : public ::testing::Test {
 protected:
  explicit PreRoll(AudioCodec audio = AudioCodec::kNone) : camera_({.clip = LongGops(audio)}) {}

  void SetUp() override {
    CameraRecord record;
    record.record = false;
    id_ = fixture_.Add("Yard", camera_.url(), record);
    ASSERT_TRUE(PumpUntil([&] { return Online() && !camera_.sent().empty(); }, kLong));
  }

  bool Online() const { return fixture_.camera(id_)->status() == camera::CameraStatus::kOnline; }
  int Gop() const { return camera_->clip()->spec.gop(); }

  /// The keyframes that were sent so far.
  std::vector<SentFrame> Keyframes() const {
    std::vector<SentFrame> out;
    for (const SentFrame& frame : camera_.sent()) {
      if (frame.keyframe) out.push_back(frame);
    }
    return out;
  }

  /// Waits until a GOP is well under way, and its next keyframe is a while off; and gives the
  /// keyframe that it began with, which is behind `after`.
  SentFrame InTheMiddleOfAGop(uint64_t after = 0) {
    SentFrame key;
    EXPECT_TRUE(PumpUntil(
        [&] {
          key = Keyframes().back();
          const uint64_t come = camera_.sent().back().number - key.number;
          return key.number > after && come >= 25 && come <= uint64_t(Gop()) - 25;
        },
        kLong));
    return key;
  }

  void SetRecord(bool record) {
    fixture_.Change(id_, [record](CameraRecord& camera) { camera.record = record; });
  }
  bool WaitUntilRecording() {
    return PumpUntil([&] { return fixture_.recorder(id_)->recording(); }, kLong);
  }
  /// Waits until a picture that comes behind this is on the disk.
  bool WaitUntilRecordedBehind(uint64_t number) {
    return PumpUntil(
        [&] {
          const auto sent = camera_.sent();
          const auto at = std::find_if(sent.begin(), sent.end(), [&](const SentFrame& frame) {
            return frame.number > number;
          });
          const auto until = fixture_.recorder(id_)->recorded_until();
          return at != sent.end() && fixture_.recorder(id_)->recording() && until &&
                 *until > FromMicros(at->utc_ns / 1000);
        },
        kLong);
  }
  bool WaitUntilClosed(size_t files) {
    return PumpUntil([&] { return fixture_.closed_files() == files; }, kLong);
  }

  /// Frame numbers of one file, none missing and none twice; what the catalog says of it is right.
  std::vector<uint64_t> NumbersOf(const Segment& row) {
    const std::string path = fixture_.PathOf(row);
    const auto silent = FfprobeIsSilent(path);
    EXPECT_TRUE(silent) << path << ": " << (silent ? "" : silent.error().Text());
    const auto frames = ReadFrameNumbers(path);
    EXPECT_TRUE(frames) << path << ": " << (frames ? "" : frames.error().Text());
    std::vector<uint64_t> out;
    if (!frames) return out;
    EXPECT_EQ(row.state, SegmentState::kComplete);
    EXPECT_EQ(row.frames.value_or(-1), int64_t(frames->size()));
    EXPECT_TRUE(frames->front().keyframe) << path;
    ExpectNear(row.start, frames->front().sender_utc_ns);
    ExpectNear(row.end.value(), frames->back().sender_utc_ns);
    for (const auto& frame : *frames) {
      if (!out.empty()) {
        EXPECT_EQ(frame.number, out.back() + 1) << path;
      }
      out.push_back(frame.number);
    }
    return out;
  }

  static void ExpectNear(WallTime time, int64_t utc_ns) {
    EXPECT_LT(std::chrono::abs(time - FromMicros(utc_ns / 1000)), 500ms);
  }

  FakeCamera camera_;
  RecorderFixture fixture_{60s};
  int64_t id_ = 0;
};

TEST_F(PreRoll, ARecordingBeginsWithTheKeyframeOfTheGopThatWasUnderWay) {
  const SentFrame key = InTheMiddleOfAGop(Keyframes().front().number);
  const WallTime told = FromMicros(g_get_real_time());
  SetRecord(true);
  ASSERT_TRUE(WaitUntilRecordedBehind(key.number + uint64_t(Gop()) + 10));
  const auto since = fixture_.recorder(id_)->recording_since();
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), 1U);
  const auto numbers = NumbersOf(rows[0]);
  ASSERT_FALSE(numbers.empty());
  EXPECT_EQ(numbers.front(), key.number);
  EXPECT_GT(numbers.back(), key.number + uint64_t(Gop()));
  EXPECT_LT(rows[0].start, told - 900ms);
  EXPECT_EQ(since, rows[0].start);
  const GapRecord gap = fixture_.Gaps(id_).back();
  EXPECT_EQ(gap.cause, (GapCause{GapReason::kStopped, ""}));
  EXPECT_EQ(gap.end, rows[0].start);
}

TEST_F(PreRoll, AScheduleBeginsItAsACommandDoes) {
  fixture_.Change(id_, [](CameraRecord& camera) {
    camera.record = true;
    camera.schedule = Schedule::FromText("{}").value();
  });
  const SentFrame key = InTheMiddleOfAGop(camera_.sent().back().number);
  fixture_.Change(id_, [](CameraRecord& camera) { camera.schedule.reset(); });
  ASSERT_TRUE(WaitUntilRecordedBehind(key.number + 50));
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(NumbersOf(rows[0]).front(), key.number);
  const GapRecord gap = fixture_.Gaps(id_).back();
  EXPECT_EQ(gap.cause, (GapCause{GapReason::kSchedule, ""}));
  EXPECT_EQ(gap.end, rows[0].start);
}

TEST_F(PreRoll, WithinTheFirstGopOfAConnectionItBeginsWithTheFirstPicture) {
  const uint64_t first = camera_.sent().front().number;
  ASSERT_TRUE(PumpUntil([&] { return camera_.sent().back().number >= first + 25; }, kLong));
  ASSERT_LT(camera_.sent().back().number, first + uint64_t(Gop()) - 25);
  SetRecord(true);
  ASSERT_TRUE(WaitUntilRecordedBehind(first + uint64_t(Gop())));
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(NumbersOf(rows[0]).front(), first);
}

TEST_F(PreRoll, ACameraThatReconnectsMeanwhileIsRecordedFromItsNewGop) {
  InTheMiddleOfAGop();
  camera_.CloseConnections();
  ASSERT_TRUE(PumpUntil([&] { return !Online(); }, kLong));
  const uint64_t before = camera_.sent().back().number;
  ASSERT_TRUE(PumpUntil([&] { return Online(); }, kLong));
  const SentFrame key = InTheMiddleOfAGop(before);
  SetRecord(true);
  ASSERT_TRUE(WaitUntilRecordedBehind(key.number + 50));
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(NumbersOf(rows[0]).front(), key.number);
}

TEST_F(PreRoll, StoppedAndStartedAgainAndAgainEveryFileBeginsRight) {
  std::vector<uint64_t> expected;
  for (size_t round = 0; round < 3; ++round) {
    const SentFrame key = InTheMiddleOfAGop(expected.empty() ? 0 : expected.back());
    SetRecord(true);
    expected.push_back(key.number);
    ASSERT_TRUE(WaitUntilRecordedBehind(key.number + 50));
    SetRecord(false);
    ASSERT_TRUE(WaitUntilClosed(round + 1));
  }
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), expected.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(NumbersOf(rows[i]).front(), expected[i]);
    EXPECT_TRUE(i == 0 || rows[i].start >= rows[i - 1].end);
  }
}

TEST_F(PreRoll, WhatAnEarlierFileHasDoesNotComeAgain) {
  SentFrame key = InTheMiddleOfAGop();
  SetRecord(true);
  ASSERT_TRUE(WaitUntilRecording());
  key = InTheMiddleOfAGop(key.number);
  SetRecord(false);
  ASSERT_TRUE(WaitUntilClosed(1));
  ASSERT_EQ(Keyframes().back().number, key.number) << "it is still the same GOP";
  SetRecord(true);
  ASSERT_TRUE(WaitUntilRecordedBehind(key.number + uint64_t(Gop()) + 10));
  SetRecord(false);
  SetRecord(true);  // while the file is being closed
  ASSERT_TRUE(WaitUntilRecordedBehind(key.number + 2 * uint64_t(Gop()) + 10));
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_LT(NumbersOf(rows[0]).back(), key.number + uint64_t(Gop()));
  EXPECT_EQ(NumbersOf(rows[1]).front(), key.number + uint64_t(Gop()));
  EXPECT_EQ(NumbersOf(rows[2]).front(), key.number + 2 * uint64_t(Gop()));
  EXPECT_GE(rows[1].start, rows[0].end);
  EXPECT_GE(rows[2].start, rows[1].end);
}

class PreRollWithSound : public PreRoll {
 protected:
  PreRollWithSound() : PreRoll(AudioCodec::kAac) {}
};

TEST_F(PreRollWithSound, TheSoundOfThatTimeIsInTheFileFromItsFirstPictureOn) {
  const SentFrame key = InTheMiddleOfAGop(Keyframes().front().number);
  SetRecord(true);
  ASSERT_TRUE(WaitUntilRecordedBehind(key.number + uint64_t(Gop())));
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(NumbersOf(rows[0]).front(), key.number);
  std::istringstream times(
      Shell(Concat("ffprobe -v error -select_streams a -show_entries packet=pts_time -of csv=p=0 '",
                   fixture_.PathOf(rows[0]), "'")));
  std::vector<double> at;
  for (double time = 0; times >> time;) at.push_back(time);
  ASSERT_FALSE(at.empty());
  EXPECT_LT(at.front(), 0.2);
  for (size_t i = 1; i < at.size(); ++i) EXPECT_LT(at[i] - at[i - 1], 0.1) << "at " << at[i];
  EXPECT_GT(at.back(), double(kGopSeconds));
}

}  // namespace
}  // namespace ronin::testing
