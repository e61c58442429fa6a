// SPDX-License-Identifier: MIT
// Every second of a camera is recorded or explained, whatever happens to it.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;

class GapsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    id_ = fixture_.Add("Yard", camera_.url());
    ASSERT_TRUE(WaitUntilRecording());
  }
  bool WaitUntilRecording() {
    return PumpUntil([&] { return fixture_.recorder(id_) && fixture_.recorder(id_)->recording(); },
                     kLong);
  }
  bool WaitFor(camera::CameraStatus status) {
    return PumpUntil([&] { return fixture_.camera(id_)->status() == status; }, kLong);
  }
  /// The reasons of all gaps since the camera was added, after the one before its first frame.
  std::vector<GapReason> Reasons() {
    const recording::Coverage coverage = fixture_.CoverageOf(id_);
    ExpectTiles(coverage);
    std::vector<GapReason> out;
    for (const auto& gap : coverage.gaps) out.push_back(gap.cause.reason);
    EXPECT_FALSE(out.empty());
    if (!out.empty()) {
      EXPECT_EQ(coverage.gaps[0].cause, (GapCause{GapReason::kCamera, "connecting"}));
      out.erase(out.begin());
    }
    return out;
  }
  static void ExpectTiles(const recording::Coverage& coverage) {
    std::vector<recording::Span> all = coverage.spans;
    all.insert(all.end(), coverage.gaps.begin(), coverage.gaps.end());
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.start < b.start; });
    for (size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i - 1].end, all[i].start);
  }

  using Only = std::vector<GapReason>;
  FakeCamera camera_;
  RecorderFixture fixture_{60s, 1s};
  int64_t id_ = 0;
};

TEST_F(GapsTest, NothingIsMissingWhileFilesFollowEachOther) { EXPECT_EQ(Reasons(), Only{}); }

TEST_F(GapsTest, ACameraThatStallsIsTheCamerasFault) {
  camera_.Stall();
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOffline));
  EXPECT_EQ(Reasons(), Only{GapReason::kCamera}) << "while it lasts";
  EXPECT_FALSE(fixture_.Gaps(id_).back().end) << "written down at once";
  EXPECT_EQ(fixture_.Gaps(id_).back().cause.detail, "stalled");
  camera_.Resume();
  ASSERT_TRUE(WaitUntilRecording());

  EXPECT_EQ(Reasons(), Only{GapReason::kCamera});
  EXPECT_TRUE(fixture_.Gaps(id_).back().end);
}

TEST_F(GapsTest, AMomentWithoutPicturesIsAGapThoughTheFileGoesOn) {
  camera_->DropFrames(1);  // two frame intervals: none
  ASSERT_TRUE(PumpUntil([&] { return fixture_.recorder(id_)->figures().frames > 50; }, kLong));
  camera_->DropFrames(5);
  ASSERT_TRUE(PumpUntil(
      [&] {
        return !fixture_.CoverageOf(id_).gaps.empty() &&
               fixture_.CoverageOf(id_).gaps.back().cause.detail == "no_picture";
      },
      kLong));

  EXPECT_EQ(Reasons(), Only{GapReason::kCamera});
  const recording::Gap hole = fixture_.CoverageOf(id_).gaps.back();
  EXPECT_NEAR(double((hole.end - hole.start).count()), 200'000, 5'000);
  EXPECT_EQ(fixture_.closed_files(), 0U);
}

TEST_F(GapsTest, TheReasonFollowsWhatTheCameraSays) {
  camera_.SetRefuse(demo::Refusal::kUnauthorized401);
  camera_.CloseConnections();
  ASSERT_TRUE(PumpUntil(
      [&] {
        const auto& error = fixture_.camera(id_)->last_error();
        return error && error->code == "unauthorized";
      },
      kLong));

  EXPECT_EQ(Reasons(), (Only{GapReason::kCamera, GapReason::kAuth}));
}

TEST_F(GapsTest, SwitchingRecordingOffIsAnExplanation) {
  fixture_.Change(id_, [](CameraRecord& camera) { camera.record = false; });
  EXPECT_EQ(fixture_.Gaps(id_).back().cause, (GapCause{GapReason::kStopped, ""}));
  ASSERT_TRUE(PumpUntil([&] { return fixture_.closed_files() == 1; }, kLong));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.record = true; });
  ASSERT_TRUE(WaitUntilRecording());

  EXPECT_EQ(Reasons(), Only{GapReason::kStopped});
}

TEST_F(GapsTest, AScheduleIsAnExplanation) {
  fixture_.Change(id_,
                  [](CameraRecord& camera) { camera.schedule = Schedule::FromText("{}").value(); });
  EXPECT_FALSE(fixture_.recorder(id_)->recording());
  ASSERT_TRUE(PumpUntil([&] { return fixture_.closed_files() == 1; }, kLong));
  ASSERT_TRUE(PumpUntil([&] { return Reasons() == Only{GapReason::kSchedule}; }, kLong));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.schedule.reset(); });
  ASSERT_TRUE(WaitUntilRecording());

  EXPECT_EQ(Reasons(), Only{GapReason::kSchedule});
}

TEST_F(GapsTest, AnotherAddressIsAnExplanation) {
  FakeCamera other;
  fixture_.Change(id_, [&](CameraRecord& camera) { camera.url = other.url(); });
  ASSERT_TRUE(PumpUntil([&] { return fixture_.closed_files() == 1; }, kLong));
  ASSERT_TRUE(WaitUntilRecording());

  EXPECT_EQ(Reasons(), Only{GapReason::kStopped});
  EXPECT_EQ(fixture_.Gaps(id_).back().cause.detail, "changed");
}

TEST_F(GapsTest, ACameraThatIsSwitchedOffIsExplainedUntilItIsBack) {
  fixture_.Change(id_, [](CameraRecord& camera) { camera.enabled = false; });
  ASSERT_TRUE(PumpUntil([&] { return fixture_.closed_files() == 1; }, kLong));
  EXPECT_EQ(fixture_.camera(id_)->status(), camera::CameraStatus::kDisabled);
  EXPECT_EQ(fixture_.Gaps(id_).back().cause, (GapCause{GapReason::kStopped, "disabled"}));
  fixture_.Change(id_, [](CameraRecord& camera) { camera.enabled = true; });
  ASSERT_TRUE(WaitUntilRecording());

  for (const GapReason reason : Reasons()) EXPECT_EQ(reason, GapReason::kStopped);
}

TEST_F(GapsTest, StorageThatIsAwayIsTheDisks) {
  std::filesystem::rename(fixture_.storage(), fixture_.storage() + ".away");
  fixture_.Change(id_, [](CameraRecord& camera) { camera.record = false; });
  fixture_.Change(id_, [](CameraRecord& camera) { camera.record = true; });
  ASSERT_TRUE(PumpUntil([&] { return fixture_.recorder(id_)->error().has_value(); }, kLong));
  EXPECT_EQ(fixture_.Gaps(id_).back().cause, (GapCause{GapReason::kDisk, "missing"}));
  std::filesystem::rename(fixture_.storage() + ".away", fixture_.storage());
  ASSERT_TRUE(WaitUntilRecording());

  EXPECT_EQ(Reasons(), (Only{GapReason::kStopped, GapReason::kDisk}));
}

TEST_F(GapsTest, PicturesThatWereDroppedAreMissingInsideAFile) {
  const auto* recorder = fixture_.recorder(id_);
  ASSERT_TRUE(PumpUntil(
      [&] { return *recorder->recorded_until() - *recorder->recording_since() > 1s; }, kLong));
  const auto now = *recorder->recorded_until();
  fixture_.recorders().Find(id_)->Lost({.frames = 3, .start = now - 700ms, .end = now - 600ms});

  EXPECT_TRUE(PumpUntil([&] { return Reasons() == Only{GapReason::kOverload}; }, kLong));
  EXPECT_EQ(fixture_.recorder(id_)->frames_lost(), 3U);
}

}  // namespace
}  // namespace ronin::testing
