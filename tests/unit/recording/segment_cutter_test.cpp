// SPDX-License-Identifier: MIT
#include "recording/segment_cutter.h"

#include <gtest/gtest.h>

namespace ronin::recording {
namespace {

using std::chrono::seconds;

WallTime At(double s) { return FromMicros(int64_t(s * 1e6)); }

TEST(SegmentCutter, TheFirstKeyframeBeginsTheFirstFile) {
  SegmentCutter cutter(seconds(60));

  EXPECT_FALSE(cutter.Keyframe(At(1000)));
}

TEST(SegmentCutter, CutsAtTheFirstKeyframeAtOrAfterTheLimit) {
  SegmentCutter cutter(seconds(60));
  cutter.Keyframe(At(1000));

  EXPECT_FALSE(cutter.Keyframe(At(1059.9)));
  EXPECT_TRUE(cutter.Keyframe(At(1060)));
  EXPECT_FALSE(cutter.Keyframe(At(1062)));
}

TEST(SegmentCutter, FilesAverageTheDurationWhenKeyframesDoNotFit) {
  SegmentCutter cutter(seconds(10));
  int cuts = 0;

  for (int i = 0; i <= 1000; ++i) cuts += cutter.Keyframe(At(i * 3)) ? 1 : 0;

  EXPECT_EQ(cuts, 300);
}

TEST(SegmentCutter, AGapOfManyDurationsCutsOnce) {
  SegmentCutter cutter(seconds(60));
  cutter.Keyframe(At(1000));

  EXPECT_TRUE(cutter.Keyframe(At(5000)));
  EXPECT_FALSE(cutter.Keyframe(At(5001)));
}

}  // namespace
}  // namespace ronin::recording
