// SPDX-License-Identifier: MIT
#include "camera/clock_map.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

constexpr int64_t kUs = 1;
constexpr int64_t kSecondUs = 1'000'000 * kUs;
constexpr int64_t kUtc = 1'700'000'000 * kSecondUs;  // at monotonic 0 and media 0

/// A frame of the media time that came `delay` late.
void Observe(ClockMap& map, int64_t media_us, int64_t delay_us, int64_t step_us = 0) {
  const int64_t mono = media_us + delay_us;
  map.Observe(uint64_t(media_us) * 1000, MonoTime(Micros(mono)), FromMicros(kUtc + mono + step_us));
}

int64_t Error(const ClockMap& map, int64_t media_us) {
  return ToMicros(map.ToWall(uint64_t(media_us) * 1000)) - (kUtc + media_us);
}

TEST(ClockMap, BeginsWithTheArrivalOfTheFirstFrame) {
  ClockMap map;

  Observe(map, 0, 50'000);

  EXPECT_EQ(Error(map, 0), 50'000);
}

TEST(ClockMap, ApproachesTheLeastDelayedFrameByFiveHundredMillionths) {
  ClockMap map;
  Observe(map, 0, 50'000);

  for (int64_t media = 40'000; media <= 20 * kSecondUs; media += 40'000)
    Observe(map, media, media < kSecondUs ? 50'000 : 20'000);
  EXPECT_NEAR(double(Error(map, 20 * kSecondUs)), 40'500, 100);

  for (int64_t media = 20 * kSecondUs; media <= 80 * kSecondUs; media += 40'000) {
    Observe(map, media, 20'000);
  }
  EXPECT_NEAR(double(Error(map, 80 * kSecondUs)), 20'000, 100);
}

TEST(ClockMap, FollowsTheFirstFramesAtOnceWithoutGoingBack) {
  ClockMap map;
  int64_t before = 0;

  for (int64_t media = 0; media <= kSecondUs; media += 40'000) {
    Observe(map, media, std::max<int64_t>(250'000 - media, 10'000));
    const int64_t at = ToMicros(map.ToWall(uint64_t(media) * 1000));
    EXPECT_GE(at, before);
    before = at;
  }

  EXPECT_NEAR(double(Error(map, kSecondUs)), 10'000, 100);
}

TEST(ClockMap, TheFirstFramesDoNotReachBelowItsFloor) {
  ClockMap map;
  map.SetFloor(FromMicros(kUtc + 200'000));

  for (int64_t media = 0; media < 300'000; media += 40'000) {
    Observe(map, media, std::max<int64_t>(250'000 - media, 10'000));
    EXPECT_GE(ToMicros(map.ToWall(0)), kUtc + 200'000) << "as a whole fragment is moved";
  }
}

TEST(ClockMap, ForgetsABurstOfOldFramesWithinTwoMinutes) {
  ClockMap map;
  Observe(map, 0, 2 * kSecondUs);

  for (int64_t media = 40'000; media <= 120 * kSecondUs; media += 40'000)
    Observe(map, media, 10'000);

  EXPECT_LT(Error(map, 120 * kSecondUs), 110'000);
}

TEST(ClockMap, LateFramesDoNotMoveIt) {
  ClockMap map;
  Observe(map, 0, 10'000);

  for (int64_t media = 40'000; media <= 50 * kSecondUs; media += 40'000) {
    Observe(map, media, media % 1'000'000 == 0 ? 10'000 : 400'000);
  }

  EXPECT_NEAR(double(Error(map, 50 * kSecondUs)), 10'000, 100);
}

TEST(ClockMap, WhatComesAtOnceAfterAPauseOfTenMinutesDoesNotMoveIt) {
  ClockMap map;
  Observe(map, 0, 10'000);
  for (int64_t media = 40'000; media <= 20 * kSecondUs; media += 40'000) {
    Observe(map, media, 10'000);
  }

  const int64_t woken = 620 * kSecondUs;
  for (int64_t media = 20 * kSecondUs; media <= 700 * kSecondUs; media += 40'000) {
    Observe(map, media, std::max<int64_t>(woken - media, 10'000));
    ASSERT_NEAR(double(Error(map, media)), 10'000, 100) << media / kSecondUs << " s";
  }
}

TEST(ClockMap, FollowsACameraWhoseClockDrifts) {
  ClockMap map;
  constexpr int64_t kPpm = 100;

  // The camera's second is too short: its frames come ever later by its own time.
  for (int64_t media = 0; media <= 1000 * kSecondUs; media += 40'000) {
    Observe(map, media, 5'000 + media * kPpm / 1'000'000);
  }

  // True is what the arrival says; the window of a minute makes it a little old.
  EXPECT_NEAR(double(Error(map, 1000 * kSecondUs)), 5'000 + 1000 * kPpm, 60 * kPpm + 500);
}

TEST(ClockMap, FollowsAStepOfTheSystemsClockAtOnce) {
  ClockMap map;
  Observe(map, 0, 10'000);
  Observe(map, 40'000, 10'000);

  Observe(map, 80'000, 10'000, -3600 * kSecondUs);

  EXPECT_EQ(Error(map, 80'000), 10'000 - 3600 * kSecondUs);
}

TEST(ClockMap, NeverBeginsBeforeItsFloor) {
  ClockMap map;
  map.SetFloor(FromMicros(kUtc + 700'000));

  Observe(map, 0, 10'000);

  EXPECT_EQ(Error(map, 0), 700'000);
}

TEST(ClockMap, TimesNeverGoBackWhateverTheDelay) {
  ClockMap map;
  int64_t last = 0;

  for (int64_t media = 0; media <= 60 * kSecondUs; media += 40'000) {
    Observe(map, media, (media * 7919) % 3 * kSecondUs);
    const int64_t now = ToMicros(map.ToWall(uint64_t(media) * 1000));
    EXPECT_GT(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace ronin::camera
