// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "demo/commands.h"
#include "pipeline/rtsp_probe.h"
#include "support/fake_camera.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using demo::AudioCodec;
using demo::Refusal;

/// Long enough for 10 pictures at 25 per second: within it, none is as good as never.
constexpr auto kSilence = 400ms;

/// The first hole in the numbers: its size, and the picture after it.
struct Hole {
  uint64_t missing = 0;
  RtspProbe::Frame after;
};

Hole FindHole(const std::vector<RtspProbe::Frame>& frames) {
  for (size_t i = 1; i < frames.size(); ++i) {
    const uint64_t step = frames[i].number - frames[i - 1].number;
    if (step != 1) return {step - 1, frames[i]};
  }
  return {};
}

TEST(FakeCameraFaults, StallKeepsTheConnectionAndSendsNothing) {
  FakeCamera camera({.clip = demo::NumberedClip(AudioCodec::kPcmu)});
  const RtspProbe probe(camera.url(), {.audio = AudioCodec::kPcmu});
  ASSERT_TRUE(probe.WaitForAudio(5)) << probe.error();

  camera.Stall();
  const auto last = camera->sent().Last();
  ASSERT_TRUE(PumpUntil([&] { return probe.frames().back().number == last->number; }));
  const size_t sound = probe.audio_pts().size();
  EXPECT_FALSE(
      PumpUntil([&] { return camera->sent().Last()->number > last->number + 1; }, kSilence));
  EXPECT_LE(probe.audio_pts().size(), sound + 1);
  EXPECT_EQ(camera->players(), 1);

  camera.Resume();
  ASSERT_TRUE(PumpUntil([&] { return FindHole(probe.frames()).missing > 0; }));
  EXPECT_TRUE(FindHole(probe.frames()).after.keyframe);
  EXPECT_TRUE(probe.WaitForAudio(sound + 5));
  EXPECT_EQ(probe.error(), "");
}

TEST(FakeCameraFaults, ClosesConnectionsAndWelcomesNewOnes) {
  FakeCamera camera;
  const RtspProbe probe(camera.url());
  ASSERT_TRUE(probe.WaitFor(5)) << probe.error();

  camera.CloseConnections();

  EXPECT_TRUE(probe.WaitForEnd());
  EXPECT_TRUE(PumpUntil([&] { return camera->connections() == 0; }));
  const RtspProbe next(camera.url());
  EXPECT_TRUE(next.WaitFor(5)) << next.error();
}

TEST(FakeCameraFaults, DropsJustAsManyFramesAsAsked) {
  FakeCamera camera;
  const RtspProbe probe(camera.url());
  ASSERT_TRUE(probe.WaitFor(5)) << probe.error();

  camera.DropFrames(7);

  ASSERT_TRUE(PumpUntil([&] { return FindHole(probe.frames()).missing > 0; }));
  ASSERT_TRUE(probe.WaitFor(probe.count() + 30));
  const auto frames = probe.frames();
  EXPECT_EQ(FindHole(frames).missing, 7U);
  EXPECT_EQ(frames.back().number - frames.front().number + 1 - frames.size(), 7U);
}

class FakeCameraJump : public ::testing::TestWithParam<std::chrono::milliseconds> {};

TEST_P(FakeCameraJump, MovesRtpTimeOnceAndLosesNothing) {
  FakeCamera camera;
  const RtspProbe probe(camera.url());
  ASSERT_TRUE(probe.WaitFor(5)) << probe.error();
  const size_t before = probe.count();

  camera.JumpTime(GetParam());

  ASSERT_TRUE(PumpUntil([&] { return probe.rtp_times().size() >= before + 60; }));
  const auto times = probe.rtp_times();
  std::vector<int32_t> jumps;
  for (size_t i = 1; i < times.size(); ++i) {
    const auto step = int32_t(times[i] - times[i - 1]);
    if (step != 3600) jumps.push_back(step);
  }
  ASSERT_EQ(jumps.size(), 1U);
  EXPECT_EQ(jumps[0], 3600 + GetParam().count() * 90);
  const auto sent = camera.sent();
  EXPECT_EQ(sent.back().number - sent.front().number + 1, sent.size());
}

INSTANTIATE_TEST_SUITE_P(BothWays, FakeCameraJump, ::testing::Values(10s, -5s));

/// RTP ticks between pictures, the newest last.
std::vector<int32_t> Steps(const RtspProbe& probe) {
  const auto times = probe.rtp_times();
  std::vector<int32_t> out;
  for (size_t i = 1; i < times.size(); ++i) out.push_back(int32_t(times[i] - times[i - 1]));
  return out;
}

TEST(FakeCameraFaults, TimeStandsStillAndThenGoesOnWhereItWouldBe) {
  FakeCamera camera;
  const RtspProbe probe(camera.url());
  ASSERT_TRUE(probe.WaitFor(5)) << probe.error();

  camera->FreezeTime(true);
  const size_t before = probe.count();
  ASSERT_TRUE(probe.WaitFor(before + 25));
  EXPECT_LE(probe.rtp_times().size(), before + 3);
  camera->FreezeTime(false);

  ASSERT_TRUE(PumpUntil([&] { return probe.rtp_times().size() >= before + 10; }));
  const auto steps = Steps(probe);
  EXPECT_GE(*std::max_element(steps.begin(), steps.end()), 20 * 3600);
  const auto times = probe.rtp_times();
  const auto frames = probe.frames();
  EXPECT_NEAR(double(times.back() - times.front()),
              3600.0 * double(frames.back().number - frames.front().number), 3 * 3600);
}

TEST(FakeCameraFaults, ItsClockRunsAsWrongAsItIsTold) {
  FakeCamera camera;
  camera->SetClockError(20'000);
  const RtspProbe probe(camera.url());

  ASSERT_TRUE(probe.WaitFor(30)) << probe.error();

  for (const int32_t step : Steps(probe)) EXPECT_NEAR(step, 3672, 1);
}

TEST(FakeCameraFaults, LeavesMarkersOut) {
  FakeCamera camera;
  const RtspProbe probe(camera.url());
  ASSERT_TRUE(probe.WaitFor(5)) << probe.error();
  EXPECT_GE(probe.marked(), 5U);

  camera->SetMarkers(false);
  const auto last = camera->sent().Last();
  ASSERT_TRUE(PumpUntil([&] { return probe.frames().back().number > last->number + 2; }));
  const size_t marked = probe.marked();
  ASSERT_TRUE(probe.WaitFor(probe.count() + 20));

  EXPECT_EQ(probe.marked(), marked);
}

TEST(FakeCameraFaults, ItsGopIsAsLongAsItIsTold) {
  demo::ClipSpec clip = demo::NumberedClip();
  clip.gop_s = 2;
  FakeCamera camera({.clip = clip});
  const RtspProbe probe(camera.url());

  ASSERT_TRUE(probe.WaitFor(105)) << probe.error();

  std::vector<uint64_t> keyframes;
  for (const auto& frame : probe.frames()) {
    if (frame.keyframe) keyframes.push_back(frame.number);
  }
  ASSERT_GE(keyframes.size(), 3U);
  for (size_t i = 1; i < keyframes.size(); ++i) EXPECT_EQ(keyframes[i] - keyframes[i - 1], 50U);
}

TEST(FakeCameraFaults, PicturesComeInAnotherOrderThanTheyAreShown) {
  demo::ClipSpec clip = demo::NumberedClip();
  clip.reordered = true;
  FakeCamera camera({.clip = clip});
  const RtspProbe probe(camera.url(), {.decode = true});

  ASSERT_TRUE(probe.WaitFor(60)) << probe.error();

  // What the decoder shows is in order, and nothing is missing.
  const auto frames = probe.frames();
  for (size_t i = 1; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].number, (frames[i - 1].number + 1) % 250) << i;
  }
  const auto steps = Steps(probe);
  EXPECT_TRUE(std::any_of(steps.begin(), steps.end(), [](int32_t step) { return step < 0; }));
}

TEST(FakeCameraFaults, ObeysTheNewCommands) {
  FakeCamera camera;
  const std::vector<demo::SyntheticCamera*> cameras = {&*camera};
  for (const char* line : {"freeze 1 on", "freeze 1 off", "clock 1 -500", "markers 1 off",
                           "reports 1 off", "wall 1 -1795824000000"}) {
    EXPECT_TRUE(demo::RunCommand(line, cameras)) << line;
  }
  for (const char* line : {"freeze 1", "freeze 1 maybe", "clock 1", "clock 1 fast", "markers 1",
                           "reports 1", "wall 1 noon"}) {
    EXPECT_FALSE(demo::RunCommand(line, cameras)) << line;
  }
}

struct RefusalCase {
  Refusal refusal;
  int code;
  const char* text;
};

/// Newer versions of rtspsrc take a refused connection for one that was closed.
RefusalCase NotListening() {
#if GST_CHECK_VERSION(1, 24, 0)
  return {Refusal::kNotListening, GST_RESOURCE_ERROR_READ, "Could not receive message"};
#else
  return {Refusal::kNotListening, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "Failed to connect"};
#endif
}

class FakeCameraRefusal : public ::testing::TestWithParam<RefusalCase> {};

TEST_P(FakeCameraRefusal, TurnsNewClientsAwayUntilAllowed) {
  FakeCamera camera;
  const RtspProbe earlier(camera.url());
  ASSERT_TRUE(earlier.WaitFor(5)) << earlier.error();

  camera.SetRefuse(GetParam().refusal);

  const RtspProbe refused(camera.url(), {.user = "any", .password = "thing"});
  EXPECT_TRUE(refused.WaitForEnd());
  EXPECT_EQ(refused.error_code(), GetParam().code) << refused.error();
  EXPECT_NE(refused.error().find(GetParam().text), std::string::npos) << refused.error();
  EXPECT_TRUE(earlier.WaitFor(earlier.count() + 5));

  camera.SetRefuse(Refusal::kNone);
  const RtspProbe allowed(camera.url());
  EXPECT_TRUE(allowed.WaitFor(5)) << allowed.error();
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FakeCameraRefusal,
    ::testing::Values(RefusalCase{Refusal::kUnauthorized401, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                                  "Unauthorized"},
                      RefusalCase{Refusal::kNotFound404, GST_RESOURCE_ERROR_NOT_FOUND, "404"},
                      RefusalCase{Refusal::kBusy453, GST_RESOURCE_ERROR_READ, "453"},
                      RefusalCase{Refusal::kUnavailable503, GST_RESOURCE_ERROR_READ, "503"},
                      NotListening()));

TEST(FakeCameraFaults, KeepsItsPortWhenItListensAgain) {
  FakeCamera camera;
  const std::string url = camera.url();

  camera.SetRefuse(Refusal::kNotListening);
  camera.SetRefuse(Refusal::kNone);

  EXPECT_EQ(camera.url(), url);
}

TEST(FakeCameraFaults, TakesAudioAwayAndBringsItBack) {
  FakeCamera camera({.clip = demo::NumberedClip(AudioCodec::kPcma)});
  const RtspProbe probe(camera.url(), {.audio = AudioCodec::kPcma});
  ASSERT_TRUE(probe.WaitForAudio(5)) << probe.error();

  camera.StopAudio();
  ASSERT_TRUE(probe.WaitFor(probe.count() + 3));
  const size_t sound = probe.audio_pts().size();
  ASSERT_TRUE(probe.WaitFor(probe.count() + 25));
  EXPECT_LE(probe.audio_pts().size(), sound + 1);
  const RtspProbe newcomer(camera.url(), {.audio = AudioCodec::kPcma});
  EXPECT_TRUE(newcomer.WaitFor(5)) << newcomer.error();

  camera.StartAudio();
  EXPECT_TRUE(probe.WaitForAudio(sound + 10));
}

TEST(FakeCameraFaults, StartsWithoutAudioWhenItIsOff) {
  FakeCamera camera({.clip = demo::NumberedClip(AudioCodec::kAac)});
  camera.StopAudio();
  const RtspProbe probe(camera.url(), {.audio = AudioCodec::kAac});

  EXPECT_TRUE(probe.WaitFor(30)) << probe.error();
  EXPECT_LE(probe.audio_pts().size(), 1U);
}

TEST(FakeCameraFaults, WrapsRtpTimeAndSequence) {
  const FakeCamera camera({.camera = {.rtp_timestamp = 0U - 3U * 90000U, .rtp_sequence = 65530}});
  const RtspProbe probe(camera.url());

  ASSERT_TRUE(PumpUntil([&] {
    const auto times = probe.rtp_times();
    return !times.empty() && times.back() < times.front();
  })) << probe.error();

  ASSERT_TRUE(probe.WaitFor(probe.count() + 5));
  EXPECT_EQ(FindHole(probe.frames()).missing, 0U);
}

TEST(FakeCameraFaults, ObeyTextCommands) {
  FakeCamera camera;
  const std::vector<demo::SyntheticCamera*> cameras = {&*camera};
  const auto run = [&](const char* line) { return demo::RunCommand(line, cameras); };

  EXPECT_EQ(*run("sent 1"), "sent 1 -1 -1 -1");
  for (const char* line :
       {"stall 1", "resume 1", "close 1", "drop 1 10", "jump 1 -5000", "refuse 1 401",
        "refuse 1 port", "allow 1", "audio 1 off", "audio 1 on", ""}) {
    EXPECT_TRUE(run(line)) << line;
  }
  for (const char* line : {"stall", "stall 2", "stall 0", "stall x", "drop 1", "drop 1 -1",
                           "jump 1 x", "refuse 1 200", "audio 1", "explode 1"}) {
    const auto answer = run(line);
    ASSERT_FALSE(answer) << line;
    EXPECT_EQ(answer.error().kind, ErrorKind::kInvalidArgument);
  }
}

}  // namespace
}  // namespace ronin::testing
