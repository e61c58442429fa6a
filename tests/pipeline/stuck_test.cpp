// SPDX-License-Identifier: MIT
// Pipelines and disks that hang: what they disturb, what is said, and what is left when they go on.
#include <algorithm>

#include <gtest/gtest.h>

#include "gst/element.h"
#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/hang.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;

class StuckTest : public ::testing::Test {
 protected:
  bool Records(int64_t id) const {
    return fixture_.recorder(id) != nullptr && fixture_.recorder(id)->recording();
  }
  bool WaitUntilItRecords(int64_t id) {
    return PumpUntil([&] { return Records(id); }, kLong);
  }
  GstElement* PipelineOf(int64_t id) { return fixture_.camera(id)->stream()->pipeline(); }
  /// The connection of `camera` is lost, and its pipeline cannot be ended.
  bool LoseAndHang(FakeCamera& camera, int64_t id) {
    const int before = hang_.hanging();
    hang_.Enter(PipelineOf(id));
    camera.CloseConnections();
    return PumpUntil([&] { return hang_.hanging() > before; }, kLong);
  }
  /// The next write to the camera's file does not come back.
  bool HangTheDiskOf(int64_t id) {
    const int before = hang_.hanging();
    const GRef<GstElement> sink = Adopt(gst_bin_get_by_name(GST_BIN(PipelineOf(id)), "file"));
    hang_.Block(gst::StaticPad(sink.Get(), "sink").Get());
    return PumpUntil([&] { return hang_.hanging() > before; }, kLong);
  }
  void SwitchRecording(int64_t id, bool on) {
    fixture_.Change(id, [on](CameraRecord& camera) { camera.record = on; });
  }
  Segment RowOf(const std::string& path) {
    for (const Segment& row : fixture_.Rows()) {
      if (fixture_.PathOf(row) == path) return row;
    }
    ADD_FAILURE() << "no row of " << path;
    return {};
  }

  // They outlive the connections to them: see HlsStreamsTest.
  FakeCamera yard_;
  FakeCamera door_;
  RecorderFixture fixture_{60s, 1s, {.deadline = 200ms}};
  Hang hang_;  // lets go before the fixture ends
};

TEST_F(StuckTest, AConnectionThatDoesNotEndDisturbsNeitherItsCameraNorAnother) {
  const int64_t yard_id = fixture_.Add("Yard", yard_.url());
  const int64_t door_id = fixture_.Add("Door", door_.url());
  ASSERT_TRUE(WaitUntilItRecords(yard_id) && WaitUntilItRecords(door_id));

  ASSERT_TRUE(LoseAndHang(yard_, yard_id));
  ASSERT_TRUE(WaitUntilItRecords(yard_id)) << "by a new pipeline, to a new file";
  ASSERT_TRUE(PumpUntil([&] { return fixture_.cameras().Stuck() == 1; }, kLong));
  ASSERT_TRUE(PumpUntil(
      [&] {
        const auto& error = fixture_.camera(yard_id)->last_error();
        return error && error->code == "stuck";
      },
      kLong));
  door_.CloseConnections();
  ASSERT_TRUE(PumpUntil([&] { return !Records(door_id); }, kLong));
  ASSERT_TRUE(WaitUntilItRecords(door_id));
  ASSERT_TRUE(PumpUntil(
      [&] { return fixture_.reaper().Held("the connection to camera Door") == 0; }, kLong));
  EXPECT_EQ(hang_.hanging(), 1);
  EXPECT_EQ(fixture_.cameras().Stuck(), 1U);
  hang_.LetGo();
  ASSERT_TRUE(PumpUntil([&] { return fixture_.cameras().Stuck() == 0; }, kLong));
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  EXPECT_EQ(rows.size(), 4U);
  for (const Segment& row : rows) {
    EXPECT_EQ(row.state, SegmentState::kComplete) << row.rel_path;
    EXPECT_TRUE(FfprobeIsSilent(fixture_.PathOf(row))) << row.rel_path;
  }
}

TEST_F(StuckTest, ACameraWhoseConnectionsDoNotEndHasTwoOfThemAndNoMore) {
  const int64_t id = fixture_.Add("Yard", yard_.url());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(WaitUntilItRecords(id));
    ASSERT_TRUE(LoseAndHang(yard_, id));
  }

  ASSERT_TRUE(PumpUntil(
      [&] {
        const auto& error = fixture_.camera(id)->last_error();
        return error && error->code == "stuck" &&
               fixture_.camera(id)->status() == camera::CameraStatus::kOffline;
      },
      kLong));
  EXPECT_EQ(fixture_.reaper().Held("the connection to camera Yard"), 2U);
  EXPECT_EQ(fixture_.camera(id)->stream(), nullptr);
  EXPECT_EQ(fixture_.Gaps(id).back().cause, (GapCause{GapReason::kOverload, "stuck"}));
  hang_.LetGo();

  EXPECT_TRUE(WaitUntilItRecords(id)) << "once they have ended after all";
}

TEST_F(StuckTest, ADiskThatHangsHoldsUpOnlyTheFileThatIsBeingWritten) {
  const int64_t id = fixture_.Add("Yard", yard_.url());
  const int64_t door_id = fixture_.Add("Door", door_.url());
  ASSERT_TRUE(WaitUntilItRecords(id) && WaitUntilItRecords(door_id));
  const std::string hung = fixture_.recorder(id)->current_file()->path;

  ASSERT_TRUE(HangTheDiskOf(id));
  const WallTime hung_at = *fixture_.recorder(door_id)->recorded_until();
  SwitchRecording(id, false);
  ASSERT_TRUE(PumpUntil([&] { return fixture_.cameras().Stuck() == 1; }, kLong));
  EXPECT_TRUE(PumpUntil(
      [&] { return *fixture_.recorder(door_id)->recorded_until() > hung_at + 1s; }, kLong))
      << "the other camera is recorded on";
  SwitchRecording(id, true);
  ASSERT_TRUE(WaitUntilItRecords(id));
  EXPECT_EQ(hang_.hanging(), 1);
  EXPECT_NE(fixture_.recorder(id)->current_file()->path, hung) << "two never write to one file";
  EXPECT_TRUE(fixture_.open_paths().Contains(hung)) << "nobody takes it for a leftover";
  EXPECT_EQ(RowOf(hung).state, SegmentState::kRecording);
  hang_.LetGo();
  ASSERT_TRUE(PumpUntil([&] { return RowOf(hung).state != SegmentState::kRecording; }, kLong));
  EXPECT_EQ(RowOf(hung).state, SegmentState::kRecovered);
  EXPECT_FALSE(fixture_.open_paths().Contains(hung));
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  for (const Segment& row : rows) {
    EXPECT_TRUE(FfprobeIsSilent(fixture_.PathOf(row))) << row.rel_path;
  }
  EXPECT_EQ(std::ranges::count(rows, door_id, &Segment::camera_id), 1);
  const auto other = std::ranges::find(rows, door_id, &Segment::camera_id);
  const auto numbers = ReadFrameNumbers(fixture_.PathOf(*other)).value();
  ASSERT_FALSE(numbers.empty());
  for (size_t i = 1; i < numbers.size(); ++i) {
    ASSERT_EQ(numbers[i].number, numbers[i - 1].number + 1) << "of the other camera";
  }
}

TEST_F(StuckTest, ACameraWhoseRecordingsDoNotEndHasTwoOfThemAndSaysWhyItDoesNotRecord) {
  const int64_t id = fixture_.Add("Yard", yard_.url());
  for (size_t held = 1; held <= 2; ++held) {
    ASSERT_TRUE(WaitUntilItRecords(id));
    ASSERT_TRUE(HangTheDiskOf(id));
    SwitchRecording(id, false);
    ASSERT_TRUE(PumpUntil(
        [&] { return fixture_.reaper().Held("the recording of camera Yard") == held; }, kLong));
    SwitchRecording(id, true);
  }

  ASSERT_TRUE(PumpUntil([&] { return fixture_.recorder(id)->error().has_value(); }, kLong));
  EXPECT_EQ(fixture_.recorder(id)->error()->code, "storage");
  EXPECT_EQ(fixture_.camera(id)->status(), camera::CameraStatus::kOnline) << "it can be seen live";
  EXPECT_EQ(fixture_.Gaps(id).back().cause, (GapCause{GapReason::kDisk, "error"}));
  hang_.LetGo();

  EXPECT_TRUE(WaitUntilItRecords(id)) << "once they have ended after all";
}

}  // namespace
}  // namespace ronin::testing
