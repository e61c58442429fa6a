// SPDX-License-Identifier: MIT
// Recording begins and ends while the camera's stream goes on.
#include <algorithm>
#include <charconv>

#include <gtest/gtest.h>

#include "base/text.h"
#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using demo::AudioCodec;

class RecordingSwitchTest : public ::testing::TestWithParam<AudioCodec> {
 protected:
  bool WaitUntilRecording(int64_t id) {
    return PumpUntil([&] { return fixture_.recorder(id) && fixture_.recorder(id)->recording(); },
                     kLong);
  }
  void SetRecord(int64_t id, bool record) {
    fixture_.Change(id, [record](CameraRecord& camera) { camera.record = record; });
  }
  uint64_t Newest() { return camera_.sent().back().number; }

  FakeCamera camera_{{.clip = demo::NumberedClip(GetParam())}};
  RecorderFixture fixture_{60s};
};

/// The newest piece of the live playlist, asked for as a player does.
int64_t NewestPiece(RecorderFixture& fixture, int64_t id) {
  std::optional<Result<std::string>> answer;
  fixture.live().RequestPlaylist(
      *fixture.camera(id), {}, [&](Result<std::string> got) { answer = std::move(got); },
      [] { return false; });
  PumpUntil([&] { return answer.has_value(); });
  if (!answer || !*answer) return -1;
  const std::string& text = **answer;
  const size_t end = text.rfind(".ts");
  const size_t begin = text.find_last_of("\n/", end) + 1;
  int64_t out = -1;
  std::from_chars(text.data() + begin, text.data() + end, out);
  return out;
}

/// Frame numbers of one file, none missing and none twice.
std::vector<uint64_t> NumbersOf(RecorderFixture& fixture, const Segment& row) {
  const std::string path = fixture.PathOf(row);
  const auto silent = FfprobeIsSilent(path);
  EXPECT_TRUE(silent) << path << ": " << (silent ? "" : silent.error().Text());
  const auto frames = ReadFrameNumbers(path);
  EXPECT_TRUE(frames) << path << ": " << (frames ? "" : frames.error().Text());
  std::vector<uint64_t> out;
  if (!frames) return out;
  EXPECT_TRUE(frames->front().keyframe) << path;
  for (const auto& frame : *frames) {
    if (!out.empty()) {
      EXPECT_EQ(frame.number, out.back() + 1) << path;
    }
    out.push_back(frame.number);
  }
  return out;
}

TEST_P(RecordingSwitchTest, FiveTimesOffAndOnDisturbsNeitherTheConnectionNorTheLiveView) {
  const int64_t id = fixture_.Add("Yard", camera_.url());
  ASSERT_TRUE(WaitUntilRecording(id));
  // The first fragment may be on the disk before the camera is asked how it is.
  ASSERT_TRUE(PumpUntil(
      [&] { return fixture_.camera(id)->status() == camera::CameraStatus::kOnline; }, kLong));
  const auto online_since = fixture_.camera(id)->status_since();
  ASSERT_GE(NewestPiece(fixture_, id), 0);
  const camera::Stream* stream = fixture_.camera(id)->stream();
  std::vector<std::pair<uint64_t, uint64_t>> off;

  for (int round = 0; round < 5; ++round) {
    const size_t closed = fixture_.closed_files();
    SetRecord(id, false);
    const uint64_t stopped_at = Newest();
    EXPECT_FALSE(fixture_.recorder(id)->recording());
    ASSERT_TRUE(PumpUntil([&] { return fixture_.closed_files() == closed + 1; }, kLong));
    const int64_t piece = NewestPiece(fixture_, id);
    ASSERT_TRUE(PumpUntil([&] { return NewestPiece(fixture_, id) > piece; }, kLong))
        << "live goes on while nothing is recorded";
    const uint64_t started_at = Newest();
    SetRecord(id, true);
    ASSERT_TRUE(WaitUntilRecording(id));
    off.emplace_back(stopped_at, started_at);
  }
  EXPECT_EQ(fixture_.camera(id)->stream(), stream) << "it is the same connection";
  EXPECT_EQ(fixture_.camera(id)->status_since(), online_since);
  const uint64_t sent = Newest();
  fixture_.StopAll();

  const auto rows = fixture_.Rows();
  ASSERT_EQ(rows.size(), 6U);
  uint64_t before = camera_.sent().front().number - 1;
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].state, SegmentState::kComplete);
    const auto numbers = NumbersOf(fixture_, rows[i]);
    ASSERT_FALSE(numbers.empty());
    if (i == 0) {
      EXPECT_EQ(numbers.front(), before + 1);
    } else {
      EXPECT_GT(numbers.front(), before) << "nothing is there twice";
      EXPECT_LE(numbers.front(), off[i - 1].second + 8) << "the keyframe before";
      EXPECT_GT(numbers.front() + 25 + 8, off[i - 1].second) << "which is the last one";
    }
    // All that had come is in the file; a frame may be on its way.
    const uint64_t end = i < off.size() ? off[i].first : sent;
    EXPECT_GE(numbers.back() + 8, end);
    EXPECT_LE(numbers.back(), end + 8);
    before = numbers.back();
  }
}

TEST_P(RecordingSwitchTest, TheCameraStaysConnectedWithNobodyToTakeItsPictures) {
  const int64_t id = fixture_.Add("Yard", camera_.url());
  ASSERT_TRUE(WaitUntilRecording(id));
  const auto* stream = fixture_.camera(id)->stream();

  for (int round = 0; round < 3; ++round) {
    const size_t closed = fixture_.closed_files();
    SetRecord(id, false);
    ASSERT_TRUE(PumpUntil([&] { return fixture_.closed_files() == closed + 1; }, kLong));
    const uint64_t newest = Newest();
    ASSERT_TRUE(PumpUntil([&] { return Newest() > newest + 40; }, kLong));
    EXPECT_EQ(fixture_.camera(id)->status(), camera::CameraStatus::kOnline);
    EXPECT_EQ(fixture_.camera(id)->stream(), stream) << "it is the same connection";
    SetRecord(id, true);
    ASSERT_TRUE(WaitUntilRecording(id));
  }

  EXPECT_EQ(fixture_.camera(id)->reconnects(), 0U);
  EXPECT_FALSE(fixture_.camera(id)->last_error());
}

TEST_P(RecordingSwitchTest, OffAndOnAtOnceGoesOnInANewFile) {
  const int64_t id = fixture_.Add("Yard", camera_.url());
  ASSERT_TRUE(WaitUntilRecording(id));

  SetRecord(id, false);
  SetRecord(id, true);

  ASSERT_TRUE(WaitUntilRecording(id));
  EXPECT_GE(fixture_.recorder(id)->figures().frames, 1U);
  fixture_.StopAll();
  EXPECT_EQ(fixture_.Rows().size(), 2U);
}

TEST_P(RecordingSwitchTest, ACameraThatIsNotToBeRecordedIsNot) {
  CameraRecord record;
  record.record = false;
  const int64_t id = fixture_.Add("Yard", camera_.url(), record);
  ASSERT_TRUE(PumpUntil(
      [&] { return fixture_.camera(id)->status() == camera::CameraStatus::kOnline; }, kLong));
  const uint64_t newest = Newest();
  ASSERT_TRUE(PumpUntil([&] { return Newest() > newest + 40; }, kLong));
  EXPECT_TRUE(fixture_.Rows().empty());

  SetRecord(id, true);
  EXPECT_TRUE(WaitUntilRecording(id));
}

INSTANTIATE_TEST_SUITE_P(Sound, RecordingSwitchTest,
                         ::testing::Values(AudioCodec::kNone, AudioCodec::kAac));

}  // namespace
}  // namespace ronin::testing
