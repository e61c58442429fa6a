// SPDX-License-Identifier: MIT
#include "camera/login_budget.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr StreamKind kMain = StreamKind::kMain;
constexpr StreamKind kSub = StreamKind::kSub;
constexpr auto kWait = 100s;

class LoginBudgetTest : public ::testing::Test {
 protected:
  bool Begin(StreamKind stream, Micros at) { return budget_.Begin(stream, MonoTime(at), kWait); }
  /// An attempt that is refused at once, if it may be made.
  bool Fails(StreamKind stream, Micros at) {
    if (!Begin(stream, at)) return false;
    budget_.Refused(MonoTime(at));
    return true;
  }

  LoginBudget budget_;
};

TEST_F(LoginBudgetTest, BothStreamsTogetherAreRefusedThreeTimesInThreeWaits) {
  EXPECT_TRUE(Begin(kMain, 0s));
  EXPECT_TRUE(Begin(kSub, 0s));
  budget_.Refused(MonoTime(1s));
  budget_.Refused(MonoTime(1s));
  EXPECT_TRUE(Fails(kMain, 101s));
  EXPECT_FALSE(Fails(kSub, 101s));
  EXPECT_FALSE(Fails(kMain, 201s));
  EXPECT_FALSE(Fails(kMain, 300s));
  EXPECT_TRUE(Fails(kMain, 301s)) << "two are forgotten by now";
  EXPECT_FALSE(Fails(kSub, 301s));
}

TEST_F(LoginBudgetTest, ASubStreamThatIsRefusedForEverLeavesTheMainOneItsAttempt) {
  for (Micros at = 0s; at < 1000s; at += 50s) Fails(kSub, at);
  EXPECT_FALSE(Begin(kSub, 1000s));
  EXPECT_TRUE(Begin(kMain, 1000s));
}

TEST_F(LoginBudgetTest, OneThatIsLetInClearsTheAccount) {
  Fails(kMain, 0s);
  Fails(kSub, 0s);
  EXPECT_TRUE(Begin(kMain, 100s));
  budget_.Accepted();
  EXPECT_TRUE(Begin(kSub, 100s));
}

TEST_F(LoginBudgetTest, OneThatEndsForAnotherReasonDoesNotCount) {
  for (int i = 0; i < 9; ++i) {
    EXPECT_TRUE(Begin(kSub, 0s));
    budget_.Abandoned();
  }
}

TEST_F(LoginBudgetTest, AnotherPasswordMayBeTriedAtOnce) {
  for (int i = 0; i < 3; ++i) Fails(kMain, 0s);
  EXPECT_FALSE(Begin(kMain, 1s));
  budget_.Reset();
  EXPECT_TRUE(Begin(kMain, 1s));
}

}  // namespace
}  // namespace ronin::camera
