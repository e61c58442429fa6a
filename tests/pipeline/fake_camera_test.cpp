// SPDX-License-Identifier: MIT
#include "support/fake_camera.h"

#include <gtest/gtest.h>

#include "pipeline/rtsp_probe.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using demo::AudioCodec;
using demo::VideoCodec;

demo::ClipSpec TwoSeconds() {
  demo::ClipSpec out = demo::NumberedClip();
  out.seconds = 2;
  return out;
}

void ExpectConsecutive(const std::vector<RtspProbe::Frame>& frames) {
  for (size_t i = 1; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].number, frames[i - 1].number + 1) << i;
    EXPECT_NEAR(double(frames[i].pts_ns - frames[i - 1].pts_ns), 40e6, 1e6 / 90) << i;
  }
}

TEST(FakeCamera, CountsOnAcrossTheEndOfItsClip) {
  const FakeCamera camera({.clip = TwoSeconds()});
  const RtspProbe probe(camera.url());

  ASSERT_TRUE(probe.WaitFor(110)) << probe.error();

  const auto frames = probe.frames();
  EXPECT_TRUE(frames.front().keyframe);
  ExpectConsecutive(frames);
  EXPECT_EQ(probe.unreadable(), 0);
  for (const auto& frame : frames) EXPECT_EQ(frame.keyframe, frame.number % 25 == 0);
}

TEST(FakeCamera, LogsWhatItSent) {
  const FakeCamera camera;
  const RtspProbe probe(camera.url());
  ASSERT_TRUE(probe.WaitFor(30)) << probe.error();

  const auto got = probe.frames();
  const auto sent = camera.sent();

  ASSERT_GE(sent.size(), got.size());
  EXPECT_EQ(sent.front().number, got.front().number);
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(sent[i].number, got[i].number);
    EXPECT_EQ(sent[i].keyframe, got[i].keyframe);
    EXPECT_EQ(sent[i].utc_ns, got[i].sender_utc_ns);
  }
  EXPECT_EQ(sent.back().players, 1);
  EXPECT_EQ(camera->players(), 1);
}

TEST(FakeCamera, SendsH265) {
  demo::ClipSpec clip = TwoSeconds();
  clip.video = VideoCodec::kH265;
  const FakeCamera camera({.clip = clip});
  const RtspProbe probe(camera.url(), {.video = VideoCodec::kH265});

  ASSERT_TRUE(probe.WaitFor(60)) << probe.error();

  ExpectConsecutive(probe.frames());
  EXPECT_EQ(probe.unreadable(), 0);
}

TEST(FakeCamera, ShowsTheNumberInThePicture) {
  const FakeCamera camera;
  const RtspProbe pictures(camera.url(), {.decode = true});
  ASSERT_TRUE(pictures.WaitFor(1)) << pictures.error();
  const RtspProbe stamps(camera.url());

  ASSERT_TRUE(pictures.WaitFor(55) && stamps.WaitFor(10)) << pictures.error();

  const auto frames = pictures.frames();
  const uint64_t clip_frames = uint64_t(camera.clip_frames());
  EXPECT_EQ(frames.front().number, camera.sent().front().number % clip_frames);
  for (size_t i = 1; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].number, (frames[i - 1].number + 1) % clip_frames);
  }
  EXPECT_EQ(pictures.unreadable(), 0);
  const uint64_t last = stamps.frames().back().number;
  EXPECT_LT((last + clip_frames + 10 - frames.back().number) % clip_frames, 20U);
}

class FakeCameraSound : public ::testing::TestWithParam<AudioCodec> {};

TEST_P(FakeCameraSound, ArrivesEvenly) {
  const FakeCamera camera({.clip = demo::NumberedClip(GetParam())});
  const RtspProbe probe(camera.url(), {.audio = GetParam()});

  ASSERT_TRUE(probe.WaitForAudio(40)) << probe.error();

  const auto pts = probe.audio_pts();
  const double step = GetParam() == AudioCodec::kAac ? 64e6 : 40e6;
  for (size_t i = 1; i < pts.size(); ++i) EXPECT_NEAR(double(pts[i] - pts[i - 1]), step, 130e3);
  ExpectConsecutive(probe.frames());
}

INSTANTIATE_TEST_SUITE_P(Codecs, FakeCameraSound,
                         ::testing::Values(AudioCodec::kAac, AudioCodec::kPcmu, AudioCodec::kPcma));

TEST(FakeCamera, ServesTwoClientsAtOnce) {
  const FakeCamera camera;
  const RtspProbe first(camera.url());
  ASSERT_TRUE(first.WaitFor(1)) << first.error();
  const RtspProbe second(camera.url());

  ASSERT_TRUE(second.WaitFor(30)) << second.error();

  ExpectConsecutive(first.frames());
  ExpectConsecutive(second.frames());
  EXPECT_EQ(camera->players(), 2);
  EXPECT_EQ(camera->connections(), 2);
}

TEST(FakeCamera, GoesOnWhenOneOfTwoClientsLeaves) {
  const FakeCamera camera;
  const RtspProbe stays(camera.url());
  ASSERT_TRUE(stays.WaitFor(1)) << stays.error();
  {
    const RtspProbe leaves(camera.url());
    ASSERT_TRUE(leaves.WaitFor(1)) << leaves.error();
  }
  ASSERT_TRUE(PumpUntil([&] { return camera->connections() == 1; }));

  ASSERT_TRUE(stays.WaitFor(stays.count() + 30));

  ExpectConsecutive(stays.frames());
  EXPECT_EQ(camera->players(), 1);
}

TEST(FakeCamera, NumbersTheTimeInWhichNobodyLooked) {
  const FakeCamera camera;
  {
    const RtspProbe probe(camera.url());
    ASSERT_TRUE(probe.WaitFor(10)) << probe.error();
  }
  ASSERT_TRUE(PumpUntil([&] { return camera->connections() == 0; }));
  const size_t before = camera.sent().size();

  const RtspProbe again(camera.url());
  ASSERT_TRUE(again.WaitFor(1)) << again.error();

  const auto sent = camera.sent();
  EXPECT_GT(again.frames().front().number, sent[before - 1].number);
  EXPECT_TRUE(again.frames().front().keyframe);
}

TEST(FakeCamera, SwitchesToAnotherResolution) {
  FakeCamera camera({.clip = TwoSeconds()});
  demo::ClipSpec other = TwoSeconds();
  other.width = 512;
  other.height = 288;
  const RtspProbe probe(camera.url());
  ASSERT_TRUE(probe.WaitFor(10)) << probe.error();

  const auto switched = camera->SwitchClip(TestClip(other));

  ASSERT_TRUE(switched);
  ASSERT_TRUE(PumpUntil([&] { return probe.frames().back().width == 512; }));
  ExpectConsecutive(probe.frames());
  demo::ClipSpec faster = TwoSeconds();
  faster.fps = 30;
  EXPECT_FALSE(camera->SwitchClip(TestClip(faster)));
}

class FakeCameraAuth : public ::testing::TestWithParam<demo::AuthMethod> {};

TEST_P(FakeCameraAuth, LetsOnlyTheRightPasswordIn) {
  const FakeCamera camera(
      {.camera = {.user = "viewer", .password = "p@ss:w/rd", .auth = GetParam()}});
  const RtspProbe right(camera.url(), {.user = "viewer", .password = "p@ss:w/rd"});
  const RtspProbe wrong(camera.url(), {.user = "viewer", .password = "guess"});

  EXPECT_TRUE(right.WaitFor(5)) << right.error();
  EXPECT_TRUE(wrong.WaitForEnd());
  EXPECT_EQ(wrong.error_code(), GST_RESOURCE_ERROR_NOT_AUTHORIZED) << wrong.error();
}

INSTANTIATE_TEST_SUITE_P(Methods, FakeCameraAuth,
                         ::testing::Values(demo::AuthMethod::kBasic, demo::AuthMethod::kDigest,
                                           demo::AuthMethod::kBoth));

}  // namespace
}  // namespace ronin::testing
