// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "camera/back_off.h"
#include "camera/stream_meter.h"

namespace ronin::camera {
namespace {

using std::chrono::milliseconds;

constexpr uint64_t kMs = 1'000'000;

TEST(StreamMeter, MeasuresAWindow) {
  StreamMeter meter;

  for (uint64_t i = 0; i <= 50; ++i) meter.Frame(i * 40 * kMs, 1000, i % 25 == 0);

  const auto reading = meter.Read();
  EXPECT_DOUBLE_EQ(reading.fps, 25);
  EXPECT_EQ(reading.bitrate_bps, 25 * 1000 * 8);
  EXPECT_DOUBLE_EQ(reading.keyframe_interval_s, 1);
  EXPECT_EQ(reading.frames, 51U);
}

TEST(StreamMeter, SaysNothingBeforeTheFirstWindowIsOver) {
  StreamMeter meter;

  meter.Frame(0, 1000, true);
  meter.Frame(1999 * kMs, 1000, false);

  EXPECT_EQ(meter.Read().fps, 0);
  EXPECT_EQ(meter.Read().bitrate_bps, 0);
  EXPECT_EQ(meter.Read().keyframe_interval_s, 0);
}

TEST(BackOff, DoublesFromHalfASecondToFifteen) {
  BackOff back_off;

  for (const int expected : {500, 1000, 2000, 4000, 8000, 15'000, 15'000}) {
    EXPECT_EQ(back_off.Next(0.5), milliseconds(expected));
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(back_off.Next(0.5), milliseconds(15'000));
}

TEST(BackOff, WaitsNoLongerThanItMay) {
  BackOff back_off;

  for (const int expected : {500, 1000, 1000, 1000}) {
    EXPECT_EQ(back_off.Next(0.5, milliseconds(1000)), milliseconds(expected));
  }
}

TEST(BackOff, SpreadsByAFifth) {
  EXPECT_EQ(BackOff().Next(0), milliseconds(400));
  EXPECT_LE(BackOff().Next(0.999), milliseconds(600));
}

TEST(BackOff, StartsAgainAfterSuccess) {
  BackOff back_off;
  back_off.Next(0.5);
  back_off.Next(0.5);

  back_off.Reset();

  EXPECT_EQ(back_off.Next(0.5), milliseconds(500));
}

}  // namespace
}  // namespace ronin::camera
