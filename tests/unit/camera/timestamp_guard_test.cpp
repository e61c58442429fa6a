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

/// Frames of 40 ms that come in time, with the camera's time moved by `jump` from the first on.
void ExpectANewTimeLine(int64_t jump) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  for (uint64_t i = 1; i <= 5; ++i) {
    const auto fixed =
        guard.Fix(uint64_t(int64_t(kStart + i * 40 * kNsPerMs) + jump), i * 40 * kNsPerMs);
    EXPECT_EQ(fixed.pts_ns, kStart + i * 40 * kNsPerMs);
    EXPECT_EQ(fixed.jumped, i == 3) << i;
  }
}

TEST(TimestampGuard, GoesOnByArrivalWhenTheCameraJumpsBack) {
  ExpectANewTimeLine(-int64_t(60 * kSecond));
}

TEST(TimestampGuard, GoesOnByArrivalWhenTheCameraJumpsForward) {
  ExpectANewTimeLine(3600 * int64_t(kSecond));
}

TEST(TimestampGuard, ASingleOutlierLeavesNoTrace) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  for (uint64_t i = 1; i <= 20; ++i) {
    const uint64_t said = kStart + i * 40 * kNsPerMs + (i % 5 == 0 ? 3600 * kSecond : 0);
    const auto fixed = guard.Fix(said, i * 40 * kNsPerMs);
    EXPECT_EQ(fixed.pts_ns, kStart + i * 40 * kNsPerMs);
    EXPECT_FALSE(fixed.jumped);
  }
}

TEST(TimestampGuard, AClockThatStandsStillIsReplacedByTheArrival) {
  TimestampGuard guard;
  uint64_t newest = 0;
  int jumps = 0;

  for (uint64_t i = 0; i < 500; ++i) {
    const auto fixed = guard.Fix(kStart, i * 40 * kNsPerMs);
    newest = fixed.pts_ns;
    if (fixed.jumped) ++jumps;
  }

  // 20 s went by: the last of them can be missing until it is clear that the clock stands.
  EXPECT_GT(newest, kStart + 14 * kSecond);
  EXPECT_GT(jumps, 0);
  EXPECT_LE(jumps, 4);
}

TEST(TimestampGuard, AClockThatRunsTwiceAsFastIsKeptNearTheTimeThatPasses) {
  TimestampGuard guard;

  for (uint64_t i = 0; i < 5000; ++i) {
    const auto fixed = guard.Fix(kStart + i * 80 * kNsPerMs, i * 40 * kNsPerMs);
    EXPECT_LE(fixed.pts_ns, kStart + i * 40 * kNsPerMs + 7 * kSecond) << i;
  }
}

TEST(TimestampGuard, AConnectionThatBeginsWithOldFramesHasNoJump) {
  TimestampGuard guard;

  for (uint64_t i = 0; i < 500; ++i) {
    const uint64_t arrival =
        i < 100 ? i * 4 * kNsPerMs : 400 * kNsPerMs + (i - 100) * 40 * kNsPerMs;
    const auto fixed = guard.Fix(kStart + i * 40 * kNsPerMs, arrival);
    EXPECT_EQ(fixed.pts_ns, kStart + i * 40 * kNsPerMs);
    EXPECT_FALSE(fixed.jumped);
  }
}

TEST(TimestampGuard, ADriftingClockIsNoJumpEvenAfterDays) {
  TimestampGuard guard;

  // 500 ppm slow, one frame a second, three days: 130 s behind at the end.
  for (uint64_t i = 0; i < 3 * 86400; ++i) {
    const auto fixed = guard.Fix(kStart + i * (kSecond - 500'000), i * kSecond);
    ASSERT_FALSE(fixed.jumped) << i;
  }
}

TEST(TimestampGuard, APauseOfTheNetworkIsNoJump) {
  TimestampGuard guard;
  guard.Fix(kStart, 0);

  const auto fixed = guard.Fix(kStart + 20 * kSecond, 20 * kSecond);

  EXPECT_EQ(fixed.pts_ns, kStart + 20 * kSecond);
  EXPECT_FALSE(fixed.jumped);
}

/// Frames of 40 ms, of which those of `pause` seconds come at once behind it.
void FeedAPause(TimestampGuard& guard, uint64_t pause) {
  constexpr uint64_t kFrame = 40 * kNsPerMs;
  const uint64_t begin = 10 * kSecond;
  const uint64_t end = begin + pause * kSecond;
  for (uint64_t i = 0; i < 20 * 25 + pause * 25; ++i) {
    const uint64_t taken = i * kFrame;
    const bool held = taken > begin && taken < end;
    const auto fixed = guard.Fix(kStart + taken, held ? end + i * 100'000 : taken);
    ASSERT_EQ(fixed.pts_ns, kStart + taken) << i;
    ASSERT_FALSE(fixed.jumped) << i;
  }
}

TEST(TimestampGuard, FramesThatWaitedDuringAPauseKeepTheirTimes) {
  for (const uint64_t pause : {4, 6, 9, 30}) {
    SCOPED_TRACE(pause);
    TimestampGuard guard;
    FeedAPause(guard, pause);
  }
}

TEST(TimestampGuard, AClockThatStoodDuringAPauseIsFoundOutWithinSeconds) {
  TimestampGuard guard;
  int jumps = 0;
  uint64_t newest = 0;
  uint64_t arrival = 0;

  for (uint64_t i = 0; i < 500; ++i) {
    arrival = i * 40 * kNsPerMs + (i < 250 ? 0 : 8 * kSecond);
    const auto fixed = guard.Fix(kStart + i * 40 * kNsPerMs, arrival);
    newest = fixed.pts_ns;
    if (fixed.jumped) ++jumps;
  }

  EXPECT_EQ(jumps, 1);
  EXPECT_EQ(newest, kStart + arrival);
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
