// SPDX-License-Identifier: MIT
#include "app/exit_guard.h"

#include <cstdio>
#include <future>

#include <gtest/gtest.h>

namespace ronin::app {
namespace {

using namespace std::chrono_literals;

/// Like a thread that is joined and hangs.
void HangForEver() { std::promise<void>().get_future().wait(); }

int Report(int code) {
  std::fputs("the disk hangs\n", stderr);
  return code;
}

class ExitGuardTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(ExitGuardTest, EndsAProcessThatHangsAndSaysWhy) {
  for (const int code : {0, 1}) {
    EXPECT_EXIT(
        {
          ExitGuard guard;
          guard.Arm(10ms, [&] { return Report(code); });
          HangForEver();
        },
        ::testing::ExitedWithCode(code), "the disk hangs");
  }
}

TEST_F(ExitGuardTest, LetsAProcessAloneThatEndsInTime) {
  ExitGuard guard;
  guard.Arm(1h, [] { return 1; });

  guard.Disarm();  // returns, and long before the hour
}

TEST_F(ExitGuardTest, NeedsNoDisarmingWhenItWasNotArmed) {
  ExitGuard guard;
  guard.Disarm();
}

}  // namespace
}  // namespace ronin::app
