// SPDX-License-Identifier: MIT
#include "live/ll_pace.h"

#include <gtest/gtest.h>

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

TEST(LlPace, PartsAreAsManyFramesAsMakeATenthOfASecond) {
  const auto milliseconds = [](Nanos frame) { return LlPace::For(frame, 1s).part_target / 1ms; };

  EXPECT_EQ(milliseconds(40ms), 86);           // 2 frames
  EXPECT_EQ(milliseconds(33'366'666ns), 108);  // 3
  EXPECT_EQ(milliseconds(16'666'666ns), 108);  // 6
  EXPECT_EQ(milliseconds(66'666'666ns), 72);   // 1
  EXPECT_EQ(milliseconds(200ms), 216);         // 1
  EXPECT_EQ(milliseconds(0ns), 108);           // nonsense
}

TEST(LlPace, TheTargetOfSegmentsIsThatOfWholeGops) {
  EXPECT_EQ(LlPace::For(40ms, 1s).target_s, 1);
  EXPECT_EQ(LlPace::For(40ms, 40ms).target_s, 1);
  EXPECT_EQ(LlPace::For(40ms, 500ms).target_s, 1);
  EXPECT_EQ(LlPace::For(40ms, 600ms).target_s, 1);
  EXPECT_EQ(LlPace::For(40ms, 1500ms).target_s, 2);
  EXPECT_EQ(LlPace::For(40ms, 2s).target_s, 2);
  EXPECT_EQ(LlPace::For(40ms, 4s).target_s, 4);
  EXPECT_EQ(LlPace::For(40ms, 10s).target_s, 11);
  EXPECT_EQ(LlPace::For(40ms, 60s).target_s, 12);
  EXPECT_EQ(LlPace::For(40ms, std::nullopt).target_s, 10);
  EXPECT_EQ(LlPace::For(2s, 1s).target_s, 3);
}

}  // namespace
}  // namespace ronin::live
