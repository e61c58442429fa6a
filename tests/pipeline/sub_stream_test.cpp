// SPDX-License-Identifier: MIT
// A camera's two streams: each is recorded for itself, and nothing of the sub stream, whatever
// happens to it or is changed of it, disturbs the main one.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>

#include "pipeline/recorder_fixture.h"
#include "storage/mp4_scan.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using camera::CameraStatus;

constexpr StreamKind kSub = StreamKind::kSub;

demo::ClipSpec SmallClip() {
  demo::ClipSpec clip = demo::NumberedClip();
  clip.seconds = 2;
  clip.width = 512;
  clip.height = 288;
  return clip;
}

class SubStreamTest : public ::testing::Test {
 protected:
  void Add(bool record_sub = true) {
    CameraRecord like;
    like.sub_url = sub_camera_.url();
    like.record_sub = record_sub;
    id_ = fixture_.Add("Yard", main_camera_.url(), like);
  }
  StreamId sub() const { return {id_, kSub}; }
  bool WaitUntilRecording(StreamId id) {
    return PumpUntil([&] { return fixture_.recorder(id) && fixture_.recorder(id)->recording(); },
                     kLong);
  }
  /// Until some more pictures have been sent by a camera.
  void SomePictures(const FakeCamera& camera, uint64_t count = 30) {
    const uint64_t until = camera.sent().back().number + count;
    PumpUntil([&] { return camera.sent().back().number >= until; }, kLong);
  }
  bool WaitFor(StreamId id, CameraStatus status) {
    return PumpUntil([&] { return fixture_.camera(id)->status() == status; }, kLong);
  }
  /// The rows of one stream.
  std::vector<Segment> Rows(StreamKind kind) {
    auto rows = fixture_.Rows();
    std::erase_if(rows, [kind](const Segment& row) { return row.stream != kind; });
    return rows;
  }
  std::vector<uint64_t> NumbersOf(const std::vector<Segment>& rows) {
    std::vector<uint64_t> out;
    for (const Segment& row : rows) {
      EXPECT_EQ(row.state, SegmentState::kComplete) << row.rel_path;
      const auto frames = ReadFrameNumbers(fixture_.PathOf(row));
      EXPECT_TRUE(frames) << row.rel_path << (frames ? "" : frames.error().Text());
      if (!frames) continue;
      for (const RecordedFrame& frame : *frames) out.push_back(frame.number);
    }
    return out;
  }
  /// All pictures from the first to `last` are in the rows, each once.
  void ExpectAll(const std::vector<Segment>& rows, uint64_t last) {
    const auto numbers = NumbersOf(rows);
    ASSERT_FALSE(numbers.empty());
    EXPECT_GE(numbers.back(), last);
    for (size_t i = 1; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], numbers[i - 1] + 1);
  }
  /// The main stream's connection and file are those of the beginning, and nothing is missing.
  void ExpectMainUndisturbed() {
    const uint64_t last = main_camera_.sent().back().number;
    // Not the last ones: what is still on its way when all is stopped is not recorded.
    SomePictures(main_camera_);
    EXPECT_EQ(fixture_.camera(id_)->attempts(), 1U);
    const auto coverage = fixture_.CoverageOf(id_);
    // The one before its first picture, if that did not come too soon for it.
    ASSERT_LE(coverage.gaps.size(), 1U);
    for (const auto& gap : coverage.gaps) {
      EXPECT_EQ(gap.cause, (GapCause{GapReason::kCamera, "connecting"}));
    }
    fixture_.StopAll();
    const auto rows = Rows(StreamKind::kMain);
    EXPECT_EQ(rows.size(), 1U);
    ExpectAll(rows, last);
  }

  FakeCamera main_camera_;
  FakeCamera sub_camera_{{.clip = SmallClip()}};
  RecorderFixture fixture_{60s, 1s};
  int64_t id_ = 0;
};

TEST_F(SubStreamTest, BothAreRecordedWithAllPicturesAndToldApart) {
  Add();
  ASSERT_TRUE(WaitUntilRecording(id_));
  ASSERT_TRUE(WaitUntilRecording(sub()));
  SomePictures(sub_camera_);
  EXPECT_EQ(fixture_.camera(sub())->facts()->video()->width, 512);
  const uint64_t last = main_camera_.sent().back().number;
  const uint64_t sub_last = sub_camera_.sent().back().number;
  SomePictures(sub_camera_, 10);
  fixture_.StopAll();

  const auto main_rows = Rows(StreamKind::kMain);
  const auto sub_rows = Rows(kSub);
  ExpectAll(main_rows, last);
  ExpectAll(sub_rows, sub_last);
  for (const auto* rows : {&main_rows, &sub_rows}) {
    const bool is_sub = rows == &sub_rows;
    ASSERT_EQ(rows->size(), 1U);
    const Segment& row = rows->front();
    EXPECT_EQ(row.rel_path.starts_with("Yard/sub/"), is_sub) << row.rel_path;
    EXPECT_EQ(row.video->width, is_sub ? 512 : 640);
    EXPECT_EQ(ReadMp4Origin(fixture_.PathOf(row)).value()->sub_stream, is_sub)
        << "the file says itself which it is";
  }
}

TEST_F(SubStreamTest, OneThatGoesAwayIsMissingInItsOwnLedgerOnly) {
  Add();
  ASSERT_TRUE(WaitUntilRecording(id_));
  ASSERT_TRUE(WaitUntilRecording(sub()));
  sub_camera_.SetRefuse(demo::Refusal::kNotListening);
  sub_camera_.CloseConnections();
  ASSERT_TRUE(WaitFor(sub(), CameraStatus::kOffline));
  SomePictures(main_camera_, 50);
  EXPECT_TRUE(fixture_.recorder(id_)->recording());
  EXPECT_FALSE(fixture_.recorder(sub())->recording());
  ASSERT_FALSE(fixture_.Gaps(sub()).empty());
  EXPECT_FALSE(fixture_.Gaps(sub()).back().end) << "it lasts";
  sub_camera_.SetRefuse(demo::Refusal::kNone);
  ASSERT_TRUE(WaitUntilRecording(sub()));
  EXPECT_TRUE(fixture_.Gaps(sub()).back().end);

  const auto coverage = fixture_.CoverageOf(sub());
  EXPECT_EQ(coverage.spans.size(), 2U);
  ASSERT_FALSE(coverage.gaps.empty());
  for (const auto& gap : coverage.gaps) EXPECT_NE(gap.cause.reason, GapReason::kUnknown);
  ExpectMainUndisturbed();
}

TEST_F(SubStreamTest, WhatIsChangedOfItTouchesItAlone) {
  Add(false);
  ASSERT_TRUE(WaitUntilRecording(id_));
  EXPECT_EQ(fixture_.camera(sub())->status(), CameraStatus::kDisabled);
  EXPECT_EQ(sub_camera_->connections(), 0) << "nobody wants it";

  fixture_.Change(id_, [](CameraRecord& camera) { camera.record_sub = true; });
  ASSERT_TRUE(WaitUntilRecording(sub()));
  FakeCamera other;
  fixture_.Change(id_, [&](CameraRecord& camera) { camera.sub_url = other.url(); });
  ASSERT_TRUE(PumpUntil([&] { return other->players() == 1; }, kLong));
  ASSERT_TRUE(WaitUntilRecording(sub()));
  EXPECT_TRUE(PumpUntil([&] { return sub_camera_->connections() == 0; }, kLong));
  ASSERT_TRUE(WaitFor(sub(), CameraStatus::kOnline));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.name = "Garden"; });
  EXPECT_EQ(fixture_.camera(sub())->status(), CameraStatus::kOnline);
  EXPECT_EQ(fixture_.camera(sub())->name(), "Garden (sub stream)");
  SomePictures(other);
  fixture_.Change(id_, [](CameraRecord& camera) { camera.record_sub = false; });
  EXPECT_TRUE(PumpUntil([&] { return other->connections() == 0; }, kLong));
  EXPECT_EQ(fixture_.Gaps(sub()).back().cause, (GapCause{GapReason::kStopped, ""}));
  EXPECT_FALSE(fixture_.Gaps(sub()).back().end);
  fixture_.Change(id_, [](CameraRecord& camera) { camera.sub_url.reset(); });
  EXPECT_EQ(fixture_.camera(sub())->status(), CameraStatus::kDisabled);

  ExpectMainUndisturbed();
  EXPECT_EQ(Rows(kSub).size(), 2U);
  NumbersOf(Rows(kSub));
}

TEST_F(SubStreamTest, TheSwitchAndTheScheduleOfTheCameraAreThoseOfBothStreams) {
  Add();
  ASSERT_TRUE(WaitUntilRecording(id_));
  ASSERT_TRUE(WaitUntilRecording(sub()));
  ASSERT_TRUE(WaitFor(id_, CameraStatus::kOnline));
  ASSERT_TRUE(WaitFor(sub(), CameraStatus::kOnline));
  fixture_.Change(id_,
                  [](CameraRecord& camera) { camera.schedule = Schedule::FromText("{}").value(); });
  EXPECT_FALSE(fixture_.recorder(sub())->recording());
  EXPECT_EQ(fixture_.camera(sub())->status(), CameraStatus::kOnline)
      << "it is to begin at once when its time comes";
  EXPECT_EQ(fixture_.Gaps(sub()).back().cause, (GapCause{GapReason::kSchedule, ""}));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.schedule.reset(); });
  ASSERT_TRUE(WaitUntilRecording(sub()));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.record = false; });
  EXPECT_EQ(fixture_.camera(sub())->status(), CameraStatus::kDisabled);
  EXPECT_EQ(fixture_.camera(id_)->status(), CameraStatus::kOnline);
  EXPECT_EQ(fixture_.Gaps(sub()).back().cause, (GapCause{GapReason::kStopped, ""}));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.enabled = false; });
  EXPECT_EQ(fixture_.Gaps(sub()).back().cause, (GapCause{GapReason::kStopped, "disabled"}));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.enabled = camera.record = true; });
  EXPECT_TRUE(WaitUntilRecording(sub()));
  EXPECT_TRUE(WaitUntilRecording(id_));
}

TEST(SubStreamPasswordTest, AWrongOneIsTriedThreeTimesByBothTogether) {
  const FakeCamera camera({.camera = {.user = "admin", .password = "right"}});
  RecorderFixture fixture(60s);
  fixture.cameras().SetTimeouts({.refused_wait = 100ms});
  CameraRecord record;
  record.username = "admin";
  record.password = "wrong";
  record.sub_url = camera.url();
  record.record_sub = true;

  const int64_t id = fixture.Add("Yard", camera.url(), record);
  const StreamId sub(id, kSub);
  const camera::RtspSource source{.url = camera.url(), .username = "admin", .password = "wrong"};
  const auto has_to_wait = [&] {
    return fixture.cameras().passwords().Wait(source, SystemClock().Mono()) > 4min;
  };
  ASSERT_TRUE(PumpUntil(has_to_wait, kLong));

  EXPECT_EQ(fixture.camera(id)->attempts(), 2);
  EXPECT_EQ(fixture.camera(sub)->attempts(), 1);
  fixture.Change(id, [](CameraRecord& changed) { changed.password = "right"; });
  EXPECT_TRUE(PumpUntil(
      [&] {
        return fixture.camera(id)->status() == CameraStatus::kOnline &&
               fixture.camera(sub)->status() == CameraStatus::kOnline;
      },
      kLong));
}

}  // namespace
}  // namespace ronin::testing
