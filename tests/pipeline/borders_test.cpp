// SPDX-License-Identifier: MIT
// The long one: twenty file borders at the shortest length that users can set.
#include <gtest/gtest.h>

#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;

TEST(Borders, TwentyOfThemLoseNoFrameAndDoubleNone) {
  FakeCamera camera({.clip = demo::NumberedClip(demo::AudioCodec::kAac)});
  RecorderFixture fixture(10s);
  fixture.Add("Yard", camera.url());

  ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 20; }, 300s));
  const size_t sent_before_stop = camera.sent().size();
  fixture.StopAll();

  const auto rows = fixture.Rows();
  ASSERT_GE(rows.size(), 21U);
  std::vector<uint64_t> numbers;
  for (const Segment& row : rows) {
    const auto frames = ReadFrameNumbers(fixture.PathOf(row));
    ASSERT_TRUE(frames) << row.rel_path << ": " << frames.error().Text();
    EXPECT_TRUE(FfprobeIsSilent(fixture.PathOf(row))) << row.rel_path;
    for (const auto& frame : *frames) numbers.push_back(frame.number);
  }
  std::vector<uint64_t> sent;
  for (const auto& frame : camera.sent()) sent.push_back(frame.number);
  // What is still under way at the stop may be missing: at most 0.4 s of 25 frames a second.
  ASSERT_LE(numbers.size(), sent.size());
  EXPECT_GE(numbers.size() + 10, sent_before_stop);
  sent.resize(numbers.size());
  EXPECT_EQ(numbers, sent);
  RecordProperty("frames", int(numbers.size()));
  // Files average exactly the length that is set: the limit moves on, it does not drift.
  EXPECT_LT(std::chrono::abs(rows[20].start - rows[0].start - 200s), 1100ms);
}

}  // namespace
}  // namespace ronin::testing
