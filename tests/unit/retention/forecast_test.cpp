// SPDX-License-Identifier: MIT
#include "retention/forecast.h"

#include <gtest/gtest.h>

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

LaneRate Rate(int64_t camera, int64_t size, int64_t per_day, StreamLimits limits = {},
              int64_t volume = 1) {
  return {volume, StreamId(camera), size, per_day, limits};
}

TEST(Forecast, CamerasWithoutLimitsShareTheRoomAndGoBackEquallyFar) {
  const auto seen = Foresee({Rate(1, 0, 10), Rate(2, 0, 30)}, {{1, 400}}, {});

  EXPECT_NEAR(*seen.keeps_days.at(1), 10, 0.01);
  EXPECT_NEAR(*seen.keeps_days.at(2), 10, 0.01);
  EXPECT_NEAR(*seen.any_full_in_days, 10, 0.01);
  EXPECT_TRUE(seen.minimum_fits);
}

TEST(Forecast, WhatIsThereIsRoomAsWell) {
  const auto seen = Foresee({Rate(1, 300, 10), Rate(9, 100, 0)}, {{1, 100}}, {});

  EXPECT_NEAR(*seen.keeps_days.at(1), 50, 0.01);
  EXPECT_FALSE(seen.keeps_days.contains(9)) << "nothing is recorded";
  EXPECT_NEAR(*seen.full_in_days.at(1), 10, 0.01);
}

TEST(Forecast, ACameraWithALimitLeavesTheRestToOthers) {
  const auto seen = Foresee({Rate(1, 0, 10, {.max_age = 24h * 5}), Rate(2, 0, 10)}, {{1, 400}}, {});

  EXPECT_NEAR(*seen.keeps_days.at(1), 5, 0.01);
  EXPECT_NEAR(*seen.keeps_days.at(2), 35, 0.01);
}

TEST(Forecast, ALimitInBytesIsOneInDays) {
  const auto seen = Foresee({Rate(1, 0, 10, {.max_bytes = 70})}, {{1, 400}}, {});

  EXPECT_NEAR(*seen.keeps_days.at(1), 7, 0.01);
  EXPECT_FALSE(seen.any_full_in_days) << "it never fills the disk";
  EXPECT_FALSE(seen.full_in_days.at(1));
}

TEST(Forecast, AMinimumTakesFromTheOthers) {
  const auto seen =
      Foresee({Rate(1, 0, 10, {.min_age = 24h * 30}), Rate(2, 0, 10)}, {{1, 400}}, {});

  EXPECT_NEAR(*seen.keeps_days.at(1), 30, 0.01);
  EXPECT_NEAR(*seen.keeps_days.at(2), 10, 0.01);
}

TEST(Forecast, SaysWhenTheMinimumDoesNotFit) {
  const auto seen = Foresee({Rate(1, 0, 10, {.min_age = 24h * 30})}, {{1, 100}}, {});

  EXPECT_FALSE(seen.minimum_fits);
  EXPECT_EQ(seen.minimum_bytes, 300);
  EXPECT_EQ(seen.room_bytes, 100);
}

TEST(Forecast, ALimitOfAllTogetherIsTheRoom) {
  const auto seen = Foresee({Rate(1, 0, 10)}, {{1, 400}}, {.bytes = 200});

  EXPECT_NEAR(*seen.keeps_days.at(1), 20, 0.01);
  EXPECT_FALSE(seen.any_full_in_days) << "it never gets so far";
}

TEST(Forecast, WithoutRecordingNothingFillsAndAFullVolumeIsFullNow) {
  EXPECT_FALSE(Foresee({}, {{1, 400}}, {}).any_full_in_days);
  EXPECT_NEAR(*Foresee({Rate(1, 50, 10)}, {{1, -5}}, {}).any_full_in_days, 0, 0.01);
  const auto two = Foresee({Rate(1, 0, 10), Rate(2, 0, 40, {}, 2)}, {{1, 100}, {2, 100}}, {});
  EXPECT_NEAR(*two.full_in_days.at(1), 10, 0.01);
  EXPECT_NEAR(*two.full_in_days.at(2), 2.5, 0.01);
  EXPECT_NEAR(*two.any_full_in_days, 2.5, 0.01);
  EXPECT_FALSE(Foresee({Rate(1, 0, 1)}, {{1, int64_t(1) << 50}}, {}).keeps_days.at(1));
}

TEST(Forecast, SubStreamsShareWhatTheyMayTakeTogether) {
  const StreamId sub_1(1, StreamKind::kSub);
  const StreamId sub_2(2, StreamKind::kSub);
  LaneRate small = Rate(1, 0, 1);
  small.stream = sub_1;
  LaneRate kept = Rate(2, 0, 2, {.min_age = 24h * 20});
  kept.stream = sub_2;

  const auto seen = Foresee({Rate(1, 0, 10), small, kept}, {{1, 1000}}, {.sub_bytes = 50});

  EXPECT_NEAR(*seen.keeps_days.at(sub_1), 10, 0.01);
  EXPECT_NEAR(*seen.keeps_days.at(sub_2), 20, 0.01) << "what it keeps at least";
  EXPECT_NEAR(*seen.keeps_days.at(1), 95, 0.01) << "the rest is for the main stream";
}

TEST(Forecast, ACameraKeepsWhatItsMainStreamDoesAndTheLeastOfAllIsTold) {
  LaneRate sub = Rate(1, 0, 1, {.max_age = 24h});
  sub.stream = StreamId(1, StreamKind::kSub);
  LaneRate only_sub = Rate(2, 0, 1, {.max_age = 24h * 7});
  only_sub.stream = StreamId(2, StreamKind::kSub);
  const LaneRate endless = Rate(3, 0, 1);
  const VolumeRoom huge{1, int64_t(1) << 50};

  const auto seen =
      Foresee({Rate(1, 0, 10, {.max_age = 24h * 9}), sub, only_sub, endless}, {huge}, {});

  EXPECT_NEAR(*seen.DaysOfCamera(1), 9, 0.01);
  EXPECT_NEAR(*seen.DaysOfCamera(2), 7, 0.01);
  EXPECT_FALSE(seen.DaysOfCamera(3));
  EXPECT_FALSE(seen.DaysOfCamera(4));
  EXPECT_NEAR(*seen.LeastDays(), 7, 0.01);
  EXPECT_FALSE(Foresee({endless}, {huge}, {}).LeastDays());
}

}  // namespace
}  // namespace ronin::retention
