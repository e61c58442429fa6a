// SPDX-License-Identifier: MIT
// "Test connection": what is found out of a camera, or why not, and always within 5 s.
#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "camera/probes.h"
#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/jpeg_size.h"
#include "support/main_loop.h"
#include "support/silent_port.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using camera::ProbeResult;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using SteadyTime = std::chrono::steady_clock;

constexpr auto kLimit = 5s;  // the contract

class ProbeTest : public ::testing::Test {
 protected:
  /// Tests the stream at `url` to the end. Fails when that takes longer than it may.
  ProbeResult Run(const camera::RtspSource& source, const camera::Stream* running = nullptr) {
    std::optional<ProbeResult> out;
    const auto begin = SteadyTime::now();
    const auto started = probes_.Start({.source = source}, running,
                                       [&](ProbeResult result) { out = std::move(result); });
    EXPECT_TRUE(started);
    EXPECT_TRUE(PumpUntil([&] { return out.has_value(); }, 20s));
    EXPECT_LT(SteadyTime::now() - begin, kLimit);
    return out.value_or(ProbeResult());
  }
  ProbeResult Run(const FakeCamera& camera) { return Run({.url = camera.url()}); }

  static std::string CodeOf(const ProbeResult& result) {
    return result.error ? result.error->code : "";
  }
  static PictureSize SnapshotSize(const ProbeResult& result) {
    return result.jpeg ? JpegSizeOf(result.jpeg.Get()) : PictureSize();
  }

  /// Whether a client has begun to get pictures.
  static bool Plays(const FakeCamera& camera) {
    const auto last = camera->sent().Last();
    return last && last->players > 0;
  }

  SystemClock clock_;
  gst::Reaper reaper_;
  camera::PasswordTries passwords_;
  camera::Probes probes_{clock_, reaper_, passwords_};
};

TEST_F(ProbeTest, MeasuresAnH264Camera) {
  const FakeCamera camera;

  const ProbeResult result = Run(camera);

  ASSERT_FALSE(result.error) << result.error->message;
  const camera::StreamReport& report = result.report;
  EXPECT_EQ(report.video.codec, "h264");
  EXPECT_NE(report.video.profile, "");
  EXPECT_EQ(report.video.width, 640);
  EXPECT_EQ(report.video.height, 360);
  EXPECT_NEAR(report.figures.fps, 25, 0.5);
  ASSERT_TRUE(report.figures.keyframe_interval);
  EXPECT_NEAR(std::chrono::duration<double>(*report.figures.keyframe_interval).count(), 1, 0.05);
  EXPECT_GT(report.figures.bitrate_bps, 50'000);
  EXPECT_EQ(report.figures.reordered, 0ns);
  EXPECT_FALSE(report.audio);
  ASSERT_TRUE(report.time_to_first_frame);
  EXPECT_GT(*report.time_to_first_frame, 0s);
  EXPECT_LT(*report.time_to_first_frame, 4s);
  EXPECT_THAT(result.advice, Contains(HasSubstr("sends no sound")));
  EXPECT_THAT(result.advice, Not(Contains(HasSubstr("eyframe"))));
  EXPECT_EQ(SnapshotSize(result), (PictureSize{640, 360}));
}

TEST_F(ProbeTest, MeasuresAnH265Camera) {
  FakeCameraOptions options;
  options.clip.video = demo::VideoCodec::kH265;
  const FakeCamera camera(options);

  const ProbeResult result = Run(camera);

  ASSERT_FALSE(result.error) << result.error->message;
  EXPECT_EQ(result.report.video.codec, "h265");
  EXPECT_NEAR(result.report.figures.fps, 25, 0.5);
  EXPECT_THAT(result.advice, Contains(HasSubstr("H.265")));
  EXPECT_EQ(SnapshotSize(result), (PictureSize{640, 360}));
}

TEST_F(ProbeTest, FindsTheSound) {
  const FakeCamera aac({.clip = demo::NumberedClip(demo::AudioCodec::kAac)});
  const FakeCamera pcmu({.clip = demo::NumberedClip(demo::AudioCodec::kPcmu)});

  const ProbeResult first = Run(aac);
  const ProbeResult second = Run(pcmu);

  ASSERT_TRUE(first.report.audio);
  EXPECT_EQ(first.report.audio->codec, "aac");
  EXPECT_EQ(first.report.audio->sample_rate_hz, 16000);
  EXPECT_EQ(first.report.audio->channels, 1);
  EXPECT_EQ(first.report.audio_encoding, "MPEG4-GENERIC");
  EXPECT_THAT(first.advice, Not(Contains(HasSubstr("sound"))));
  ASSERT_TRUE(second.report.audio);
  EXPECT_EQ(second.report.audio->sample_rate_hz, 8000);
  EXPECT_EQ(second.report.audio_encoding, "PCMU");
}

TEST_F(ProbeTest, SaysThatNoSecondKeyframeCame) {
  FakeCameraOptions options;
  options.clip.gop_s = 10;
  const FakeCamera camera(options);

  const ProbeResult result = Run(camera);

  ASSERT_FALSE(result.error) << result.error->message;
  EXPECT_FALSE(result.report.figures.keyframe_interval);
  EXPECT_GT(result.report.figures.without_keyframe, 2s);
  EXPECT_THAT(result.advice, Contains(HasSubstr("No second keyframe came in")));
  EXPECT_EQ(SnapshotSize(result), (PictureSize{640, 360}));
}

TEST_F(ProbeTest, AdvisesAgainstBFrames) {
  FakeCameraOptions options;
  options.clip.reordered = true;
  const FakeCamera camera(options);

  const ProbeResult result = Run(camera);

  ASSERT_FALSE(result.error) << result.error->message;
  EXPECT_NEAR(result.report.figures.fps, 25, 0.5);
  EXPECT_THAT(result.advice, Contains(HasSubstr("B-frames")));
  EXPECT_EQ(SnapshotSize(result), (PictureSize{640, 360}));
}

TEST_F(ProbeTest, TellsTheRightPasswordFromTheWrongOne) {
  FakeCameraOptions options;
  options.camera.user = "admin";
  options.camera.password = "right";
  options.camera.auth = demo::AuthMethod::kDigest;
  const FakeCamera camera(options);

  const ProbeResult wrong = Run({.url = camera.url(), .username = "admin", .password = "hunter2"});
  const ProbeResult right = Run({.url = camera.url(), .username = "admin", .password = "right"});

  EXPECT_EQ(CodeOf(wrong), "unauthorized");
  EXPECT_THAT(wrong.error->message, Not(HasSubstr("hunter2")));
  EXPECT_EQ(CodeOf(right), "");
}

TEST_F(ProbeTest, NamesTheRefusalOfTheCamera) {
  FakeCamera camera;
  constexpr std::pair<demo::Refusal, const char*> kRefusals[] = {
      {demo::Refusal::kNotFound404, "not_found"},
      {demo::Refusal::kBusy453, "busy"},
      {demo::Refusal::kNotListening, "refused"}};
  for (const auto& [refusal, code] : kRefusals) {
    camera.SetRefuse(refusal);

    const ProbeResult result = Run(camera);

    EXPECT_EQ(CodeOf(result), code);
    EXPECT_THAT(result.error->message, Not(HasSubstr("again")));
  }
}

TEST_F(ProbeTest, OfAHostThatIsNotThereEndsInTime) {
  const SilentPort nobody;

  const ProbeResult result = Run({.url = nobody.url()});

  EXPECT_EQ(CodeOf(result), "timeout") << result.error->message;
}

TEST_F(ProbeTest, OfANameThatDoesNotExistIsUnreachable) {
  EXPECT_EQ(CodeOf(Run({.url = "rtsp://camera.invalid/stream"})), "unreachable");
}

TEST_F(ProbeTest, OfACameraWithoutAPictureEndsInTime) {
  FakeCamera camera;
  camera.Stall();

  const ProbeResult result = Run(camera);

  EXPECT_EQ(CodeOf(result), "no_video") << result.error->message;
}

TEST_F(ProbeTest, OfAPictureThatStandsStillFails) {
  FakeCamera camera;
  std::optional<ProbeResult> result;
  ASSERT_TRUE(probes_.Start({.source = {.url = camera.url()}}, nullptr,
                            [&](ProbeResult got) { result = std::move(got); }));
  ASSERT_TRUE(PumpUntil([&] { return Plays(camera); }));

  camera.Stall();

  ASSERT_TRUE(PumpUntil([&] { return result.has_value(); }));
  EXPECT_EQ(CodeOf(*result), "no_video");
  EXPECT_THAT(result->error->message, HasSubstr("stood still"));
}

TEST_F(ProbeTest, OfACameraThatEndsTheConnectionFails) {
  FakeCamera camera;
  std::optional<ProbeResult> result;
  ASSERT_TRUE(probes_.Start({.source = {.url = camera.url()}}, nullptr,
                            [&](ProbeResult got) { result = std::move(got); }));
  ASSERT_TRUE(PumpUntil([&] { return Plays(camera); }));
  // An end that comes before rtspsrc has the answer to PLAY is none that it tells.
  const auto begun = camera->sent().Last()->number;
  ASSERT_TRUE(PumpUntil([&] { return camera->sent().Last()->number >= begun + 10; }));

  camera.CloseConnections();

  ASSERT_TRUE(PumpUntil([&] { return result.has_value(); }));
  EXPECT_EQ(CodeOf(*result), "unreachable");
  EXPECT_THAT(result->error->message, Not(HasSubstr("again")));
}

TEST_F(ProbeTest, OnlyLooksAtAStreamThatRuns) {
  const FakeCamera camera({.clip = demo::NumberedClip(demo::AudioCodec::kAac)});
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil([&] {
    return fixture.camera(id)->status() == camera::CameraStatus::kOnline &&
           fixture.recorder(id) != nullptr && fixture.recorder(id)->recording() &&
           fixture.camera(id)->facts()->audio();
  }));
  const int connections = camera->connections();
  const auto since = fixture.camera(id)->status_since();

  std::optional<ProbeResult> result;
  int most_connections = 0;
  ASSERT_TRUE(probes_.Start({.source = {.url = camera.url()}}, fixture.camera(id)->stream(),
                            [&](ProbeResult got) { result = std::move(got); }));
  ASSERT_TRUE(PumpUntil([&] {
    most_connections = std::max(most_connections, camera->connections());
    return result.has_value();
  }));

  ASSERT_FALSE(result->error) << result->error->message;
  EXPECT_EQ(most_connections, connections);
  EXPECT_FALSE(result->report.time_to_first_frame);
  EXPECT_NEAR(result->report.figures.fps, 25, 0.5);
  EXPECT_TRUE(result->report.figures.keyframe_interval);
  EXPECT_TRUE(result->report.audio);
  EXPECT_EQ(SnapshotSize(*result), (PictureSize{640, 360}));
  EXPECT_EQ(fixture.camera(id)->status_since(), since);
  EXPECT_EQ(fixture.recorder(id)->frames_lost(), 0u);
  fixture.StopAll();
}

TEST_F(ProbeTest, SurvivesTheEndOfTheStreamThatItLooksAt) {
  const FakeCamera camera;
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(
      PumpUntil([&] { return fixture.camera(id)->status() == camera::CameraStatus::kOnline; }));
  std::optional<ProbeResult> result;
  ASSERT_TRUE(probes_.Start({.source = {.url = camera.url()}}, fixture.camera(id)->stream(),
                            [&](ProbeResult got) { result = std::move(got); }));

  fixture.StopAll();

  EXPECT_TRUE(PumpUntil([&] { return result.has_value(); }));
}

TEST_F(ProbeTest, MoreThanFourAtOnceAreRefused) {
  const FakeCamera camera;
  std::vector<ProbeResult> results;
  const auto start = [&] {
    return probes_
        .Start({.source = {.url = camera.url()}}, nullptr,
               [&](ProbeResult result) { results.push_back(std::move(result)); })
        .has_value();
  };

  size_t begun = 0;
  for (int i = 0; i < 20; ++i) begun += start() ? 1 : 0;

  EXPECT_EQ(begun, camera::Probes::kMost);
  ASSERT_TRUE(PumpUntil([&] { return results.size() == begun && probes_.size() == 0; }));
  for (const ProbeResult& result : results) EXPECT_EQ(CodeOf(result), "");
  EXPECT_TRUE(start());
}

TEST_F(ProbeTest, ThatIsCancelledEndsItsConnectionAndTellsNobody) {
  const FakeCamera camera;
  bool told = false;
  const auto number = probes_.Start({.source = {.url = camera.url()}}, nullptr,
                                    [&](const ProbeResult&) { told = true; });
  ASSERT_TRUE(number);
  ASSERT_TRUE(PumpUntil([&] { return camera->players() > 0; }));

  probes_.Cancel(*number);

  EXPECT_EQ(probes_.size(), 0u);
  EXPECT_TRUE(PumpUntil([&] { return camera->connections() == 0; }));
  EXPECT_TRUE(PumpUntil([&] { return reaper_.Held(camera::Probe::kName) == 0; }));
  EXPECT_FALSE(told);
}

TEST_F(ProbeTest, EndsWithAnErrorWhenTheRecorderStops) {
  const FakeCamera camera;
  std::optional<ProbeResult> result;
  ASSERT_TRUE(probes_.Start({.source = {.url = camera.url()}}, nullptr,
                            [&](ProbeResult got) { result = std::move(got); }));

  probes_.Stop();

  ASSERT_TRUE(result);
  EXPECT_EQ(CodeOf(*result), "server_error");
  EXPECT_FALSE(probes_.Start({.source = {.url = camera.url()}}, nullptr, nullptr));
}

}  // namespace
}  // namespace ronin::testing
