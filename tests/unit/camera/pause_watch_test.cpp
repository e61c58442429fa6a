// SPDX-License-Identifier: MIT
#include "camera/pause_watch.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

TEST(PauseWatch, WhoLooksRegularlyHasNoPause) {
  PauseWatch watch;

  for (Micros at = 100s; at < 110s; at += 250ms) EXPECT_EQ(watch.Look(MonoTime(at)), MonoTime{});
}

TEST(PauseWatch, ALateLookEndsAPause) {
  PauseWatch watch;
  watch.Look(MonoTime(100s));

  EXPECT_EQ(watch.Look(MonoTime(106s)), MonoTime(106s));
  EXPECT_EQ(watch.Look(MonoTime(107s)), MonoTime(106s));
}

TEST(PauseWatch, LookingAwayIsNoPause) {
  PauseWatch watch;
  watch.Look(MonoTime(100s));
  watch.Restart();

  EXPECT_EQ(watch.Look(MonoTime(200s)), MonoTime{});
}

}  // namespace
}  // namespace ronin::camera
