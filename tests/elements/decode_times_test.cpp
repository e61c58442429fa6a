// SPDX-License-Identifier: MIT
#include "decode_times.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace ronin_plugin {
namespace {

constexpr int64_t kFrame = 40'000'000;

std::vector<int64_t> Frames(const std::vector<int>& numbers) {
  std::vector<int64_t> out;
  for (const int number : numbers) out.push_back(number * kFrame);
  return out;
}

std::vector<int64_t> TimesOf(DecodeTimes& times, const std::vector<int64_t>& pts) {
  std::vector<int64_t> out;
  for (const int64_t each : pts) out.push_back(times.Next(each, kFrame));
  EXPECT_TRUE(std::is_sorted(out.begin(), out.end(), std::less_equal<>())) << "always rising";
  return out;
}

TEST(DecodeTimes, WithoutReorderingBothAreTheSame) {
  DecodeTimes times;
  const std::vector<int64_t> pts = {0, kFrame, 2 * kFrame + 5, 7 * kFrame, 8 * kFrame};

  EXPECT_EQ(TimesOf(times, pts), pts);
  EXPECT_EQ(times.depth(), 0U);
}

TEST(DecodeTimes, AKnownDepthStaysBehindFromTheFirstFrame) {
  DecodeTimes times(1);

  const auto out = TimesOf(times, Frames({0, 3, 1, 2, 6, 4, 5}));

  EXPECT_EQ(out, Frames({-1, 0, 1, 2, 3, 4, 5}));
}

TEST(DecodeTimes, APyramidOfBFramesIsTwoDeep) {
  DecodeTimes times(2);

  const auto out = TimesOf(times, Frames({0, 4, 2, 1, 3, 8, 6, 5, 7}));

  EXPECT_EQ(out, Frames({-2, -1, 0, 1, 2, 3, 4, 5, 6}));
}

TEST(DecodeTimes, SeesInTheMiddleOfAStreamThatFramesAreReordered) {
  DecodeTimes times;
  TimesOf(times, Frames({0, 1, 2, 3, 6, 4, 5, 9, 7, 8, 12, 10, 11, 15}));

  EXPECT_EQ(times.depth(), 1U);
  EXPECT_EQ(times.Next(13 * kFrame, kFrame), 13 * kFrame);
  EXPECT_EQ(times.Next(14 * kFrame, kFrame), 14 * kFrame) << "no later than it is shown";
}

TEST(DecodeTimes, FromWhenTheDepthIsKnownNoFrameIsShownBeforeItIsDecoded) {
  DecodeTimes times(2);
  const auto pts = Frames({0, 4, 2, 1, 3, 8, 6, 5, 7, 12, 10, 9, 11});

  const auto out = TimesOf(times, pts);

  for (size_t i = 0; i < pts.size(); ++i) EXPECT_LE(out[i], pts[i]) << i;
}

TEST(DecodeTimes, EqualTimesRiseALittle) {
  DecodeTimes times;
  TimesOf(times, {0, kFrame, kFrame, kFrame, 2 * kFrame});

  EXPECT_EQ(times.depth(), 0U) << "equal is not reordered";
}

TEST(DecodeTimes, AJumpIsNoReordering) {
  for (const int64_t jump : {int64_t(100'000), int64_t(-100'000)}) {
    DecodeTimes times(1);
    TimesOf(times, Frames({200'000, 200'003, 200'001, 200'002}));

    const int64_t first = times.Next((200'000 + jump) * kFrame, kFrame);

    EXPECT_EQ(times.depth(), 1U) << jump;
    if (jump > 0) {
      EXPECT_EQ(first, (200'000 + jump - 1) * kFrame);
    }
  }
}

TEST(DecodeTimes, NonsenseIsNoDeeperThanSixteenFramesAndStillRises) {
  DecodeTimes times;
  std::vector<int64_t> pts;
  for (int i = 0; i < 400; ++i) pts.push_back(int64_t((i * 7919) % 400) * 1'000'000);

  TimesOf(times, pts);

  EXPECT_EQ(times.depth(), 16U);
}

}  // namespace
}  // namespace ronin_plugin
