// SPDX-License-Identifier: MIT
#include "camera/timestamp_guard.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

constexpr uint64_t kNsPerMs = 1'000'000;
constexpr uint64_t kSecond = 1000 * kNsPerMs;
constexpr uint64_t kStart = 100 * kSecond;  // of the media; arrivals begin at 0

TEST(TimestampGuard, LeavesGoodTimesAlone) {
  TimestampGuard guard;

  for (uint64_t i = 0; i < 10; ++i) {
    const auto fixed = guard.Fix(kStart + i * 40 * kNsPerMs, i * 40 * kNsPerMs);
    EXPECT_EQ(fixed.pts_ns, kStart + i * 40 * kNsPerMs);
    EXPECT_FALSE(fixed.jumped);
  }
}

TEST(TimestampGuard, LeavesReorderedFramesAlone) {
  TimestampGuard guard;
  guard.Fix(kStart + 120 * kNsPerMs, 0);

  const auto fixed = guard.Fix(kStart + 40 * kNsPerMs, 40 * kNsPerMs);

  EXPECT_EQ(fixed.pts_ns, kStart + 40 * kNsPerMs);
  EXPECT_FALSE(fixed.jumped);
}

TEST(TimestampGuard, GoesOnByArrivalWhenTheCameraJumpsBack) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  const auto first = guard.Fix(0, 40 * kNsPerMs);
  const auto second = guard.Fix(40 * kNsPerMs, 80 * kNsPerMs);

  EXPECT_TRUE(first.jumped);
  EXPECT_EQ(first.pts_ns, kStart + 40 * kNsPerMs);
  EXPECT_FALSE(second.jumped);
  EXPECT_EQ(second.pts_ns, kStart + 80 * kNsPerMs);
}

TEST(TimestampGuard, GoesOnByArrivalWhenTheCameraJumpsForward) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  const auto first = guard.Fix(kStart + 3600 * kSecond, 40 * kNsPerMs);
  const auto second = guard.Fix(kStart + 3600 * kSecond + 40 * kNsPerMs, 80 * kNsPerMs);

  EXPECT_TRUE(first.jumped);
  EXPECT_EQ(first.pts_ns, kStart + 40 * kNsPerMs);
  EXPECT_FALSE(second.jumped);
  EXPECT_EQ(second.pts_ns, kStart + 80 * kNsPerMs);
}

TEST(TimestampGuard, ASingleOutlierLeavesNoTrace) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  const auto outlier = guard.Fix(kStart + 3600 * kSecond, 40 * kNsPerMs);
  const auto after = guard.Fix(kStart + 80 * kNsPerMs, 80 * kNsPerMs);
  const auto later = guard.Fix(kStart + 120 * kNsPerMs, 120 * kNsPerMs);

  EXPECT_EQ(outlier.pts_ns, kStart + 40 * kNsPerMs);
  EXPECT_EQ(after.pts_ns, kStart + 80 * kNsPerMs);
  EXPECT_EQ(later.pts_ns, kStart + 120 * kNsPerMs);
  EXPECT_FALSE(later.jumped);
}

TEST(TimestampGuard, APauseOfTheNetworkIsNoJump) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  const auto fixed = guard.Fix(kStart + 20 * kSecond, 20 * kSecond);

  EXPECT_EQ(fixed.pts_ns, kStart + 20 * kSecond);
  EXPECT_FALSE(fixed.jumped);
}

TEST(TimestampGuard, AMissingTimeIsThatOfTheArrival) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  const auto fixed = guard.Fix(std::nullopt, 40 * kNsPerMs);
  const auto burst = guard.Fix(std::nullopt, 40 * kNsPerMs);

  EXPECT_EQ(fixed.pts_ns, kStart + 40 * kNsPerMs);
  EXPECT_FALSE(fixed.jumped);
  EXPECT_GT(burst.pts_ns, fixed.pts_ns);
}

}  // namespace
}  // namespace ronin::camera
