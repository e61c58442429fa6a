// SPDX-License-Identifier: MIT
#include "camera/frame_figures.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr uint64_t kFigureStep = 40'000'000;  // 25 per second

/// `count` frames, a keyframe of 10,000 bytes each `gop`, the others of 1,000.
std::vector<LoggedFrame> Frames(int count, int gop) {
  std::vector<LoggedFrame> out;
  for (int i = 0; i < count; ++i) {
    out.push_back(
        {1'000'000'000 + uint64_t(i) * kFigureStep, i % gop == 0 ? 10'000u : 1'000u, i % gop == 0});
  }
  return out;
}

TEST(FrameFigures, MeasureRateKeyframesAndBitrateOverWholeGops) {
  const FrameFigures figures = FiguresOf(Frames(60, 25));

  EXPECT_DOUBLE_EQ(figures.fps, 25);
  EXPECT_EQ(figures.keyframe_interval, 1s);
  EXPECT_TRUE(figures.whole_gops);
  EXPECT_EQ(figures.bitrate_bps, (10'000 + 24 * 1'000) * 8);
  EXPECT_EQ(figures.span, 59 * 40ms);
  EXPECT_EQ(figures.reordered, 0ns);
  EXPECT_TRUE(figures.steady);
}

TEST(FrameFigures, SayHowLongNoSecondKeyframeCame) {
  const FrameFigures figures = FiguresOf(Frames(51, 100));

  EXPECT_FALSE(figures.keyframe_interval);
  EXPECT_FALSE(figures.whole_gops);
  EXPECT_EQ(figures.without_keyframe, 2s);
  EXPECT_EQ(figures.bitrate_bps, (10'000 + 49 * 1'000) * 8 / 2);
}

TEST(FrameFigures, SeePicturesThatComeInAnotherOrderThanTheyAreShown) {
  std::vector<LoggedFrame> frames = Frames(31, 100);
  // I0 P3 B1 B2 P6 …
  for (size_t i = 1; i + 2 < frames.size(); i += 3) {
    const uint64_t begin = frames[i].pts_ns;
    frames[i].pts_ns = begin + 2 * kFigureStep;
    frames[i + 1].pts_ns = begin;
    frames[i + 2].pts_ns = begin + kFigureStep;
  }

  const FrameFigures figures = FiguresOf(frames);

  EXPECT_EQ(figures.reordered, 80ms);
  EXPECT_DOUBLE_EQ(figures.fps, 25);
  EXPECT_TRUE(figures.steady);
}

TEST(FrameFigures, DoNotCountPicturesThatOthersAreShownBefore) {
  std::vector<LoggedFrame> frames = Frames(8, 100);
  // I0 P3 B1 B2 P6 B4 B5 P9, and no more
  constexpr uint64_t kShown[] = {0, 3, 1, 2, 6, 4, 5, 9};
  for (size_t i = 0; i < frames.size(); ++i) frames[i].pts_ns = kShown[i] * kFigureStep;

  EXPECT_DOUBLE_EQ(FiguresOf(frames).fps, 25);
}

TEST(FrameFigures, TellAnUnsteadyRateFromALostFrame) {
  std::vector<LoggedFrame> lost = Frames(50, 25);
  lost.erase(lost.begin() + 10);
  std::vector<LoggedFrame> varying = Frames(50, 25);
  for (size_t i = 0; i < varying.size(); i += 5) varying[i].pts_ns += 30'000'000;

  EXPECT_TRUE(FiguresOf(lost).steady);
  EXPECT_FALSE(FiguresOf(varying).steady);
}

TEST(FrameFigures, OfNothingAndOfASingleFrameAreUnknown) {
  EXPECT_EQ(FiguresOf({}).fps, 0);
  const FrameFigures one = FiguresOf(Frames(1, 25));
  EXPECT_EQ(one.fps, 0);
  EXPECT_EQ(one.bitrate_bps, 0);
  EXPECT_FALSE(one.keyframe_interval);
}

TEST(FrameFigures, OfFramesOfOneInstantAreUnknown) {
  const FrameFigures figures = FiguresOf({{5, 100, true}, {5, 100, true}, {5, 100, false}});

  EXPECT_EQ(figures.fps, 0);
  EXPECT_EQ(figures.bitrate_bps, 0);
  EXPECT_FALSE(figures.keyframe_interval);
}

}  // namespace
}  // namespace ronin::camera
