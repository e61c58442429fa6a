// SPDX-License-Identifier: MIT
// Snapshots of running cameras: what is decoded, how often, and why there is none.
#include "live/snapshots.h"

#include <future>
#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "camera/cameras.h"
#include "support/fake_camera.h"
#include "support/jpeg_size.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using live::Snapshots;
using ::testing::HasSubstr;
using Answer = Result<Snapshots::Snapshot>;

constexpr int64_t kId = 1;

class SnapshotsTest : public ::testing::Test {
 protected:
  ~SnapshotsTest() override {
    if (holds_) LetGo();
    snapshots_.Stop();
    bool stopped = false;
    cameras_.StopAll([&] { stopped = true; });
    PumpUntil([&] { return stopped; });
  }

  /// Adds the camera, and waits for its first keyframe.
  void Add(const FakeCamera& fake) {
    CameraRecord record;
    record.id = kId;
    record.name = "Yard";
    record.url = fake.url();
    cameras_.Add(std::move(record));
    ASSERT_TRUE(PumpUntil([&] { return snapshots_.Newest(kId).has_value(); }, 60s));
  }
  camera::Camera& camera() { return *cameras_.Find(kId); }

  void Ask(int width) {
    snapshots_.Request(camera(), width, [this](Answer answer) { answers_.push_back(answer); });
  }
  bool AllAnswered(size_t count) {
    return PumpUntil([&] { return answers_.size() == count; }, 20s);
  }
  /// Keeps the worker busy until it is let go.
  void Hold() {
    holds_ = true;
    worker_.Post([held = held_.get_future().share()] { held.wait(); });
  }
  void LetGo() {
    holds_ = false;
    held_.set_value();
  }

  SystemClock clock_;
  gst::Reaper reaper_;
  std::promise<void> held_;
  bool holds_ = false;
  Worker worker_{"picture"};
  Snapshots snapshots_{worker_};
  camera::Cameras cameras_{
      {.clock = clock_, .reaper = reaper_, .settings = {}, .listeners = {&snapshots_}}};
  std::vector<Answer> answers_;
};

TEST(SnapshotWidths, AreAFewSoThatClientsShareThem) {
  EXPECT_EQ(Snapshots::WidthFor(16), 160);
  EXPECT_EQ(Snapshots::WidthFor(160), 160);
  EXPECT_EQ(Snapshots::WidthFor(161), 320);
  EXPECT_EQ(Snapshots::WidthFor(1921), 8192);
}

TEST_F(SnapshotsTest, EachKeyframeIsDecodedOnceForEachWidthWhoeverAsks) {
  const FakeCamera fake;
  Add(fake);
  Hold();
  constexpr size_t kEach = 20;
  for (size_t i = 0; i < kEach; ++i) {
    Ask(160);
    Ask(320);
  }
  EXPECT_EQ(worker_.depth(), 3U) << "what holds it, and one for each width";

  LetGo();

  ASSERT_TRUE(AllAnswered(2 * kEach));
  for (size_t i = 0; i < 2 * kEach; ++i) {
    ASSERT_TRUE(answers_[i]) << answers_[i].error().message;
    const int width = JpegSizeOf(answers_[i]->jpeg.Get()).width;
    EXPECT_TRUE(width == 160 || width == 320) << width;
  }
}

TEST_F(SnapshotsTest, WhatIsKnownIsAnsweredAtOnceAndANewKeyframeIsAnotherPicture) {
  FakeCamera fake;
  Add(fake);
  fake.Stall();  // so that the newest keyframe stays it
  Ask(160);
  ASSERT_TRUE(AllAnswered(1));
  ASSERT_TRUE(answers_[0]);
  Ask(160);
  ASSERT_EQ(answers_.size(), 2U);
  EXPECT_EQ(answers_[1]->jpeg.Get(), answers_[0]->jpeg.Get());
  fake.Resume();
  ASSERT_TRUE(PumpUntil([&] { return snapshots_.Newest(kId) > answers_[0]->taken; }, 20s));

  Ask(160);

  ASSERT_TRUE(AllAnswered(3));
  EXPECT_GT(answers_[2]->taken, answers_[0]->taken);
}

TEST_F(SnapshotsTest, WhatWaitedForTheWorkerIsTheNewestThen) {
  const FakeCamera fake;
  Add(fake);
  const auto before = snapshots_.Newest(kId);
  Hold();
  Ask(160);
  ASSERT_TRUE(PumpUntil([&] { return snapshots_.Newest(kId) > before; }, 20s));

  LetGo();

  ASSERT_TRUE(AllAnswered(1));
  ASSERT_TRUE(answers_[0]);
  EXPECT_GT(answers_[0]->taken, *before);
}

TEST_F(SnapshotsTest, TooManyAreRefusedAndOneThatHangsIsGivenUp) {
  const FakeCamera fake;
  Add(fake);
  Hold();
  for (size_t i = 0; i < Snapshots::kMostWaiting + 1; ++i) Ask(160);
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_THAT(answers_[0].error().message, HasSubstr("Too many"));

  ASSERT_TRUE(AllAnswered(Snapshots::kMostWaiting + 1));

  EXPECT_THAT(answers_.back().error().message, HasSubstr("takes too long"));
  EXPECT_EQ(worker_.depth(), 2U);
  LetGo();
}

TEST_F(SnapshotsTest, H265IsDecodedToo) {
  demo::ClipSpec clip = demo::NumberedClip();
  clip.video = demo::VideoCodec::kH265;
  const FakeCamera fake({.clip = clip});
  Add(fake);

  Ask(8192);

  ASSERT_TRUE(AllAnswered(1));
  ASSERT_TRUE(answers_[0]) << answers_[0].error().message;
  EXPECT_EQ(JpegSizeOf(answers_[0]->jpeg.Get()), (PictureSize{640, 360}));
}

TEST_F(SnapshotsTest, WhenTheCameraIsAwayItIsSaidSinceWhenAndNothingIsKept) {
  FakeCamera fake;
  Add(fake);
  Ask(160);
  ASSERT_TRUE(AllAnswered(1));
  fake.SetRefuse(demo::Refusal::kNotListening);
  fake.CloseConnections();
  ASSERT_TRUE(PumpUntil([&] { return camera().status() == camera::CameraStatus::kOffline; }, 20s));

  Ask(160);

  ASSERT_EQ(answers_.size(), 2U);
  EXPECT_FALSE(snapshots_.Newest(kId));
  EXPECT_THAT(answers_[1].error().message, HasSubstr("The camera is offline since 20"));
}

TEST_F(SnapshotsTest, WhoWaitsIsToldThatTheRecorderStops) {
  const FakeCamera fake;
  Add(fake);
  Hold();
  Ask(160);

  snapshots_.Stop();

  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_THAT(answers_[0].error().message, HasSubstr("stopping"));
  LetGo();
}

}  // namespace
}  // namespace ronin::testing
