// SPDX-License-Identifier: MIT
// From the fake camera to files: which frames are in them, and what the catalog says.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include <gio/gio.h>
#include <gtest/gtest.h>

#include "camera/rtsp_pipeline.h"
#include "gst/element.h"
#include "gst/pad_probe.h"
#include "pipeline/recorder_fixture.h"
#include "storage/mp4_scan.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"

RONIN_G_OBJECT(GSocketListener)

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using demo::AudioCodec;

demo::ClipSpec H265Clip() {
  demo::ClipSpec clip = demo::NumberedClip();
  clip.video = demo::VideoCodec::kH265;
  return clip;
}

/// All frame numbers of the rows' files, in order; each file must please ffprobe.
std::vector<uint64_t> NumbersOf(RecorderFixture& fixture, const std::vector<Segment>& rows) {
  std::vector<uint64_t> out;
  for (const Segment& row : rows) {
    const std::string path = fixture.PathOf(row);
    const auto count = FfprobeIsSilent(path);
    EXPECT_TRUE(count) << path << ": " << (count ? "" : count.error().Text());
    const auto frames = ReadFrameNumbers(path);
    EXPECT_TRUE(frames) << path << ": " << (frames ? "" : frames.error().Text());
    if (!frames) continue;
    EXPECT_TRUE(frames->front().keyframe) << path;
    EXPECT_EQ(row.frames.value_or(-1), int64_t(frames->size())) << path;
    for (const auto& frame : *frames) out.push_back(frame.number);
  }
  return out;
}

void ExpectNoneMissingNoneTwice(const std::vector<uint64_t>& numbers) {
  ASSERT_FALSE(numbers.empty());
  for (size_t i = 1; i < numbers.size(); ++i) {
    ASSERT_EQ(numbers[i], numbers[i - 1] + 1) << "at position " << i;
  }
}

class EveryKindOfCamera : public ::testing::TestWithParam<demo::ClipSpec> {};

TEST_P(EveryKindOfCamera, LosesNoFrameAndDoublesNoneBetweenFiles) {
  FakeCamera camera({.clip = GetParam()});
  RecorderFixture fixture(2s);
  fixture.Add("Yard", camera.url());

  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 3; }, kLong));
  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_GE(rows.size(), 4U);
  const auto numbers = NumbersOf(fixture, rows);
  ExpectNoneMissingNoneTwice(numbers);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].state, SegmentState::kComplete);
    EXPECT_EQ(std::filesystem::file_size(fixture.PathOf(rows[i])), uint64_t(rows[i].size_bytes));
    EXPECT_EQ(rows[i].audio.has_value(), GetParam().audio != AudioCodec::kNone);
    if (i + 1 < rows.size()) {
      EXPECT_EQ(rows[i].end, rows[i + 1].start) << "files tile without a hole";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Recording, EveryKindOfCamera,
                         ::testing::Values(demo::NumberedClip(),
                                           demo::NumberedClip(AudioCodec::kAac),
                                           demo::NumberedClip(AudioCodec::kPcmu), H265Clip()));

TEST(Recording, BeginsWithTheFirstKeyframeThatTheCameraSent) {
  FakeCamera camera;
  RecorderFixture fixture(2s);
  fixture.Add("Yard", camera.url());

  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 1; }, kLong));
  fixture.StopAll();

  const auto numbers = NumbersOf(fixture, fixture.Rows());
  ASSERT_FALSE(numbers.empty());
  const auto sent = camera.sent();
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(numbers.front(), sent.front().number);
}

TEST(Recording, KeepsWhatCameWhenItIsStoppedAtTheFirstPicture) {
  FakeCamera camera({.clip = demo::NumberedClip(AudioCodec::kAac)});
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil([&] { return fixture.camera(id)->facts()->last_video_us != 0; }));

  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].state, SegmentState::kComplete);
  ExpectNoneMissingNoneTwice(NumbersOf(fixture, rows));
}

TEST(Recording, NamesFilesByTheUtcOfTheirFirstFrame) {
  FakeCamera camera;
  RecorderFixture fixture(2s);
  fixture.Add("Yard", camera.url());

  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 1; }, kLong));
  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_FALSE(rows.empty());
  const auto frames = ReadFrameNumbers(fixture.PathOf(rows.front())).value();
  const auto sent = FromMicros(frames.front().sender_utc_ns / 1000);
  EXPECT_LT(std::chrono::abs(rows.front().start - sent), 500ms);
  EXPECT_TRUE(rows.front().rel_path.starts_with("Yard/20")) << rows.front().rel_path;
}

TEST(Recording, GoesOnInANewFileWithoutALossWhenTheDiskDidNotTakeTheOldOne) {
  FakeCamera camera;
  RecorderFixture fixture(60s);
  fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil([&] { return fixture.Rows().size() == 1; }));

  fixture.volumes().all()[0]->SyncFailed({ErrorKind::kUnavailable, "injected"});
  ASSERT_TRUE(PumpUntil([&] { return fixture.Rows().size() == 2; }, kLong));
  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].is_suspect);
  EXPECT_FALSE(rows[1].is_suspect);
  EXPECT_EQ(rows[0].end, rows[1].start);
  ExpectNoneMissingNoneTwice(NumbersOf(fixture, rows));
}

TEST(Recording, GoesOnInANewFileWhenTheConnectionWasCut) {
  FakeCamera camera;
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil([&] {
    const auto* recorder = fixture.recorder(id);
    return recorder != nullptr && recorder->recording();
  }));

  camera.CloseConnections();
  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() == 1; }, kLong));
  ASSERT_TRUE(PumpUntil([&] { return fixture.recorder(id)->recording(); }, kLong));
  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_GE(rows[1].start, *rows[0].end);
  for (const Segment& row : rows) EXPECT_TRUE(FfprobeIsSilent(fixture.PathOf(row)));
}

TEST(Recording, ConnectsAgainWhenNoPictureComes) {
  FakeCamera camera;
  RecorderFixture fixture(60s, 1s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil(
      [&] { return fixture.camera(id)->status() == camera::CameraStatus::kOnline; }, kLong));

  camera.Stall();
  ASSERT_TRUE(PumpUntil(
      [&] { return fixture.camera(id)->status() == camera::CameraStatus::kOffline; }, kLong));
  EXPECT_EQ(fixture.camera(id)->last_error()->code, "stalled");
  camera.Resume();

  EXPECT_TRUE(PumpUntil(
      [&] { return fixture.camera(id)->status() == camera::CameraStatus::kOnline; }, kLong));
}

TEST(Recording, RecordsWithinThreeSecondsWhenACameraIsBackThatWasAwayForLong) {
  FakeCamera camera;
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil([&] { return fixture.recorder(id)->recording(); }, kLong));

  camera.SetRefuse(demo::Refusal::kNotListening);
  camera.CloseConnections();
  // After some attempts the back-off is longer than what is asked for here.
  const auto away_since = std::chrono::steady_clock::now();
  ASSERT_TRUE(PumpUntil([&] { return std::chrono::steady_clock::now() - away_since > 12s; }, 20s));
  camera.SetRefuse(demo::Refusal::kNone);

  // 2 s, and a GOP of 1 s.
  EXPECT_TRUE(PumpUntil([&] { return fixture.recorder(id)->recording(); }, 3s));
}

TEST(Recording, ACameraThatHangsIsNotTakenForSomethingElse) {
  FakeCamera camera;
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  const auto is = [&](camera::CameraStatus status) {
    return fixture.camera(id)->status() == status;
  };
  ASSERT_TRUE(PumpUntil([&] { return is(camera::CameraStatus::kOnline); }, kLong));

  // Its port is taken over by a socket that lets everybody in and says nothing.
  camera->SetRefuse(demo::Refusal::kNotListening);
  camera->CloseConnections();
  const GRef<GSocketListener> mute = Adopt(g_socket_listener_new());
  ASSERT_TRUE(PumpUntil(
      [&] {
        return g_socket_listener_add_inet_port(mute.Get(), camera->port(), nullptr, nullptr) != 0;
      },
      kLong));

  std::string said;
  EXPECT_TRUE(PumpUntil(
      [&] {
        if (const auto& error = fixture.camera(id)->last_error()) said = error->code;
        return said == "no_video";
      },
      kLong))
      << said;
}

TEST(Recording, AskingTheCameraToStayCostsNoFrame) {
  FakeCamera camera;
  const SystemClock clock;
  gst::Reaper reaper;
  auto made = camera::RtspPipeline::Create({.url = camera.url()}, clock, [](GstMessage*) {});
  ASSERT_TRUE(made);
  camera::RtspPipeline& pipeline = **made;
  std::atomic<int> frames{0};
  std::atomic<int64_t> longest_us{0};
  const gst::PadProbe probe(gst::StaticPad(pipeline.video_tee(), "sink"), GST_PAD_PROBE_TYPE_BUFFER,
                            [&, last = int64_t(0)](GstPad*, GstPadProbeInfo* info) mutable {
                              const auto pts =
                                  int64_t(GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)) / 1000);
                              if (frames++ > 0)
                                longest_us = std::max(longest_us.load(), pts - last);
                              last = pts;
                              return GST_PAD_PROBE_OK;
                            });
  pipeline.Play();
  ASSERT_TRUE(PumpUntil([&] { return frames > 25; }, kLong));

  for (int asked = 1; asked <= 5; ++asked) {
    pipeline.KeepAlive();
    ASSERT_TRUE(PumpUntil([&] { return camera->parameter_requests() >= asked; }, kLong));
    const int now = frames;
    ASSERT_TRUE(PumpUntil([&] { return frames > now + 10; }, kLong));
  }

  EXPECT_LT(longest_us, 50'000);  // 40 ms between any two frames: none is missing
  pipeline.Retire(reaper, {.what = "the connection"});
}

TEST(Recording, GoesOnWithoutSoundWhenTheSoundStops) {
  FakeCamera camera({.clip = demo::NumberedClip(AudioCodec::kAac)});
  RecorderFixture fixture(2s);
  fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 1; }, kLong));

  camera.StopAudio();
  const size_t closed = fixture.closed_files();
  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= closed + 4; }, kLong));
  fixture.StopAll();

  ExpectNoneMissingNoneTwice(NumbersOf(fixture, fixture.Rows()));
}

TEST(Recording, KeepsEveryFrameWhenTheCamerasClockJumps) {
  for (const auto jump : {-30'000ms, 600'000ms}) {
    FakeCamera camera;
    RecorderFixture fixture(60s);
    const int64_t id = fixture.Add("Yard", camera.url());
    ASSERT_TRUE(PumpUntil([&] {
      const auto* recorder = fixture.recorder(id);
      return recorder != nullptr && recorder->recording();
    }));

    camera.JumpTime(jump);
    ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 1; }, kLong))
        << "a jump begins a new file";
    fixture.StopAll();

    const auto rows = fixture.Rows();
    ExpectNoneMissingNoneTwice(NumbersOf(fixture, rows));
    EXPECT_LT(*rows.back().end - rows.front().start, 60s);
  }
}

TEST(Recording, IsAtOnceReadyForTheNextConnectionWhenTheCameraEndsTheStream) {
  FakeCamera camera({.clip = demo::NumberedClip(AudioCodec::kAac)});
  RecorderFixture fixture(60s);
  const int64_t id = fixture.Add("Yard", camera.url());
  ASSERT_TRUE(PumpUntil(
      [&] {
        const auto* recorder = fixture.recorder(id);
        return recorder != nullptr && recorder->recording();
      },
      kLong));

  camera.CloseConnections();
  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() == 1; }, kLong));

  const auto rows = fixture.Rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].state, SegmentState::kComplete) << "closed in order, not given up";
  ExpectNoneMissingNoneTwice(NumbersOf(fixture, rows));
}

TEST(Recording, GoesOnAfterAFileThatCouldNotBeWrittenWithSoundAndWithout) {
  for (const auto audio : {AudioCodec::kNone, AudioCodec::kAac}) {
    FakeCamera camera({.clip = demo::NumberedClip(audio)});
    RecorderFixture fixture(2s);
    const int64_t id = fixture.Add("Yard", camera.url());
    ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 1; }, kLong));

    std::filesystem::rename(fixture.storage(), fixture.storage() + ".away");
    ASSERT_TRUE(PumpUntil([&] { return fixture.recorder(id)->error().has_value(); }, kLong));
    std::filesystem::rename(fixture.storage() + ".away", fixture.storage());
    ASSERT_TRUE(PumpUntil([&] { return fixture.recorder(id)->recording(); }, kLong));
    const size_t closed = fixture.closed_files();
    ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() > closed; }, kLong));
    fixture.StopAll();

    EXPECT_FALSE(fixture.recorder(id)->error());
    for (const Segment& row : fixture.Rows()) {
      EXPECT_NE(row.state, SegmentState::kRecording) << row.rel_path;
      EXPECT_TRUE(FfprobeIsSilent(fixture.PathOf(row))) << row.rel_path;
    }
  }
}

TEST(Recording, SaysWhyItFailsWhenTheStorageFolderIsGoneAndGoesOnWhenItIsBack) {
  FakeCamera camera;
  RecorderFixture fixture(60s);
  std::filesystem::rename(fixture.storage(), fixture.storage() + ".away");
  const int64_t id = fixture.Add("Yard", camera.url());

  ASSERT_TRUE(PumpUntil(
      [&] { return fixture.recorder(id) != nullptr && fixture.recorder(id)->error(); }, kLong));
  EXPECT_EQ(fixture.recorder(id)->error()->code, "storage");
  EXPECT_NE(fixture.recorder(id)->error()->message.find("missing"), std::string::npos);
  EXPECT_TRUE(PumpUntil(
      [&] { return fixture.camera(id)->status() == camera::CameraStatus::kOnline; }, kLong));
  std::filesystem::rename(fixture.storage() + ".away", fixture.storage());

  EXPECT_TRUE(PumpUntil([&] { return fixture.recorder(id)->recording(); }, kLong));
}

}  // namespace
}  // namespace ronin::testing
