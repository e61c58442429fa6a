// SPDX-License-Identifier: MIT
#include "base/loop_watch.h"

#include <numeric>

#include <gtest/gtest.h>

#include "base/source.h"
#include "support/main_loop.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

uint64_t Turns(const LoopWatch& watch) {
  const auto counts = watch.turns().Read().counts;
  return std::accumulate(counts.begin(), counts.end(), uint64_t(0));
}

/// Keeps the main loop busy, as a callback that takes too long does.
void Work(Micros length) {
  const int64_t end = g_get_monotonic_time() + length.count();
  while (g_get_monotonic_time() < end) {
  }
}

TEST(LoopWatch, MeasuresHowLongACallbackHeldUpTheLoop) {
  const LoopWatch watch;
  bool worked = false;
  const Source work = Source::After(0ms, [&] {
    Work(30ms);
    worked = true;
  });
  ASSERT_TRUE(testing::PumpUntil([&] { return worked; }));
  ASSERT_TRUE(testing::PumpUntil([&] { return watch.longest() > 0us; }));

  EXPECT_GE(watch.longest(), 30ms);
  EXPECT_GE(watch.turns().Read().sum_s, 0.03);
}

TEST(LoopWatch, DoesNotCountTheTimeInWhichTheLoopSleeps) {
  const LoopWatch watch;
  bool woken = false;
  const auto begin = std::chrono::steady_clock::now();
  const Source wake = Source::After(200ms, [&] { woken = true; });

  ASSERT_TRUE(testing::PumpUntil([&] { return woken && Turns(watch) > 1; }));

  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(watch.turns().Read().sum_s, passed.count() - 0.15);
}

TEST(LoopWatch, LeavesTheLoopAloneWhenItEnds) {
  { const LoopWatch watch; }
  bool ran = false;
  const Source source = Source::After(0ms, [&] { ran = true; });

  EXPECT_TRUE(testing::PumpUntil([&] { return ran; }));
}

}  // namespace
}  // namespace ronin
