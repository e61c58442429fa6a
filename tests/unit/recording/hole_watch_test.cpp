// SPDX-License-Identifier: MIT
#include "recording/hole_watch.h"

#include <gtest/gtest.h>

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr uint64_t kMs = 1'000'000;
constexpr WallTime kBegan{Micros(1'800'000'000'000'000)};

class HoleWatchTest : public ::testing::Test {
 protected:
  /// A picture so many ms after the beginning.
  void At(int64_t ms, bool lost_before = false) {
    watch_.Look({uint64_t(ms) * kMs, kBegan + Micros(ms * 1000), lost_before});
  }
  /// Pictures at `from`, `from + step`, … up to and without `to`.
  void Steady(int64_t from, int64_t to, int64_t step = 40) {
    for (int64_t at = from; at < to; at += step) At(at);
  }
  /// The holes so far, as milliseconds from the beginning; a hole of lost packets has a negative
  /// end.
  using Holes = std::vector<std::pair<int64_t, int64_t>>;

  Holes found_;
  HoleWatch watch_{[this](const Hole& hole) {
    const auto ms = [](WallTime at) {
      return std::chrono::duration_cast<std::chrono::milliseconds>(at - kBegan).count();
    };
    found_.emplace_back(ms(hole.start), hole.lost ? -ms(hole.end) : ms(hole.end));
  }};
};

TEST_F(HoleWatchTest, FindsNothingInASteadyStream) {
  Steady(0, 10'000);
  watch_.Flush();
  EXPECT_EQ(found_, Holes{});
}

TEST_F(HoleWatchTest, AHoleIsLongerThanTwoAndAHalfFrames) {
  Steady(0, 1000);     // the last at 960
  Steady(1060, 2000);  // 100 ms: two and a half
  Steady(2081, 3000);  // 101 ms behind 1980
  watch_.Flush();
  EXPECT_EQ(found_, (Holes{{2020, 2081}}));
}

TEST_F(HoleWatchTest, TellsLostPacketsFromACameraThatSendsNothing) {
  Steady(0, 1000);
  At(1200, true);
  Steady(1240, 2000);
  watch_.Flush();
  EXPECT_EQ(found_, (Holes{{1000, -1200}}));
}

TEST_F(HoleWatchTest, KnowsPicturesThatComeInAnotherOrderThanTheyAreShown) {
  for (int64_t at = 0; at < 4000; at += 160) {  // I or P, then three B
    for (const int64_t shown : {at + 160, at + 40, at + 80, at + 120}) At(shown);
  }
  watch_.Flush();
  EXPECT_EQ(found_, Holes{});
}

TEST_F(HoleWatchTest, ACameraThatSlowsDownLeavesNothingOut) {
  Steady(0, 2000, 40);
  Steady(2000, 6000, 200);
  EXPECT_EQ(found_, Holes{});
  Steady(6000, 8000, 40);
  EXPECT_EQ(found_, Holes{}) << "nor one that is fast again";
  At(8500);
  watch_.Flush();
  EXPECT_EQ(found_, (Holes{{8000, 8500}})) << "whose holes are seen as before";
}

TEST_F(HoleWatchTest, ASecondWithoutAPictureIsAHoleHoweverOftenItHappens) {
  Steady(0, 1000);
  At(2500);
  At(4000);
  watch_.Flush();
  EXPECT_EQ(found_, (Holes{{1000, 2500}, {2540, 4000}}));
}

TEST_F(HoleWatchTest, FindsTheLastOneWhenTheStreamEnds) {
  Steady(0, 1000);
  At(1500);
  EXPECT_EQ(found_, Holes{});
  watch_.Flush();
  EXPECT_EQ(found_, (Holes{{1000, 1500}}));
}

TEST_F(HoleWatchTest, ATimeThatBeginsAnewIsNoHole) {
  Steady(0, 1000);
  watch_.Flush();
  Steady(100'000, 101'000);
  watch_.Flush();
  Steady(5, 1000);
  watch_.Flush();
  EXPECT_EQ(found_, Holes{});
}

TEST_F(HoleWatchTest, SaysNothingBeforeItKnowsWhatIsUsual) {
  At(0);
  At(40);
  At(1000);
  watch_.Flush();
  EXPECT_EQ(found_, Holes{});
}

}  // namespace
}  // namespace ronin::recording
