// SPDX-License-Identifier: MIT
#include "audio_times.h"

#include <gtest/gtest.h>

namespace ronin_plugin {
namespace {

constexpr uint32_t kAacFrame = 1024;

TEST(AudioTimes, BeginsWhereTheFirstFrameIsAndGoesOnWithoutHoles) {
  AudioTimes times(48'000);

  for (int i = 0; i < 1000; ++i) {
    // A little early, a little late: up to 10 ms is no reason to change anything.
    const auto placed = times.Next(777 + i * 1024 +
                                       (i == 0       ? 0
                                        : i % 2 == 0 ? 400
                                                     : -400),
                                   kAacFrame);
    EXPECT_EQ(placed.time, 777 + i * 1024);
    EXPECT_EQ(placed.duration, kAacFrame);
  }
}

TEST(AudioTimes, FollowsAClockThatIsSlowerOrFaster) {
  for (const int ppm : {500, -500}) {
    AudioTimes times(48'000);
    int64_t end = 0;
    for (int64_t i = 0; i < 100'000; ++i) {
      const int64_t said = i * 1024 + i * 1024 * ppm / 1'000'000;
      const auto placed = times.Next(said, kAacFrame);
      if (i > 0) {
        EXPECT_EQ(placed.time, end);
        EXPECT_LE(std::abs(placed.time - said), 480 + 16) << i;
      }
      EXPECT_LE(std::abs(int64_t(placed.duration) - 1024), 16);
      end = placed.time + placed.duration;
    }
  }
}

TEST(AudioTimes, LeavesAHoleThatIsLongerThanAQuarterSecond) {
  AudioTimes times(48'000);
  times.Next(0, kAacFrame);

  EXPECT_EQ(times.Next(1024 + 12'000, kAacFrame).time, 1024) << "not longer";
  EXPECT_EQ(times.Next(100'000, kAacFrame).time, 100'000);
}

TEST(AudioTimes, FramesThatSayTheSameTimeDoNotOverlap) {
  AudioTimes times(48'000);
  int64_t end = 0;
  for (int i = 0; i < 10; ++i) {
    const auto placed = times.Next(0, kAacFrame);
    EXPECT_EQ(placed.time, end);
    EXPECT_GE(placed.duration, kAacFrame - 16);
    end += placed.duration;
  }
}

TEST(AudioTimes, MovesWithItsAxis) {
  AudioTimes times(48'000);
  times.Next(0, kAacFrame);
  times.Move(-500);

  EXPECT_EQ(times.Next(1024 - 500, kAacFrame).time, 1024 - 500);
}

}  // namespace
}  // namespace ronin_plugin
