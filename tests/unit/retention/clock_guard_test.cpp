// SPDX-License-Identifier: MIT
#include "retention/clock_guard.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr auto kADay = 24h;

class ClockGuardTest : public ::testing::Test {
 protected:
  ClockGuard Make() {
    return ClockGuard(clock_, [this](WallTime) { return synchronised_; });
  }
  testing::FakeClock clock_;
  bool synchronised_ = false;
  ClockGuard guard_ = Make();
};

TEST_F(ClockGuardTest, AClockThatGoesOnIsTrusted) {
  for (int i = 0; i < 100; ++i) {
    clock_.Advance(10min);
    EXPECT_FALSE(guard_.Look());
  }
  clock_.Step(59min);
  EXPECT_FALSE(guard_.Look()) << "such as summer time done wrong";
  EXPECT_FALSE(guard_.held());
  EXPECT_EQ(guard_.Now(), clock_.Now());
}

TEST_F(ClockGuardTest, AJumpHoldsAndTheTimeGoesOnAsItReallyIs) {
  for (const auto jump : {kADay * 400, -kADay * 365 * 30}) {
    ClockGuard guard = Make();
    const WallTime before = clock_.Now();
    clock_.Step(jump);
    ASSERT_TRUE(guard.Look());
    ASSERT_TRUE(guard.held());
    EXPECT_NE(guard.held()->sentence.find("until you confirm"), std::string::npos);
    clock_.Advance(1h);
    EXPECT_FALSE(guard.Look()) << "nothing new";
    EXPECT_EQ(guard.Now(), before + 1h);
    clock_.Step(-jump);
  }
}

TEST_F(ClockGuardTest, AJumpThatWasNotSeenYetDoesNotChangeTheTime) {
  clock_.Advance(1h);
  ASSERT_FALSE(guard_.Look());
  const WallTime before = clock_.Now();

  clock_.Step(kADay * 400);
  clock_.Advance(1s);

  EXPECT_FALSE(guard_.held());
  EXPECT_EQ(guard_.Now(), before + 1s);
  EXPECT_TRUE(guard_.Look());
  EXPECT_EQ(guard_.Now(), before + 1s);
}

TEST_F(ClockGuardTest, PeopleConfirmTheClockThatTheySawAndNoLaterJump) {
  clock_.Step(kADay * 400);
  ASSERT_TRUE(guard_.Look());
  const WallTime seen = clock_.Now();

  clock_.Step(kADay * 4000);
  guard_.Confirm();

  EXPECT_EQ(guard_.Now(), seen);
  EXPECT_TRUE(guard_.Look());
  EXPECT_TRUE(guard_.held());
}

TEST_F(ClockGuardTest, EndsWhenTheClockIsBackAndKnowsWhatHasWrongDates) {
  const WallTime before = clock_.Now();
  clock_.Step(-kADay * 10'000);
  ASSERT_TRUE(guard_.Look());
  EXPECT_EQ(guard_.Mistakes().size(), 1U) << "also while it lasts";
  clock_.Advance(3h);
  guard_.Look();

  clock_.Step(kADay * 10'000);

  EXPECT_TRUE(guard_.Look());
  EXPECT_FALSE(guard_.held());
  ASSERT_EQ(guard_.Mistakes().size(), 1U);
  const ClockMistake mistake = guard_.Mistakes()[0];
  EXPECT_EQ(mistake.from, before - kADay * 10'000);
  EXPECT_EQ(mistake.really, before);
  EXPECT_GE(mistake.to, mistake.from + 3h);
}

TEST_F(ClockGuardTest, SeveralJumpsAreSeveralMistakes) {
  const WallTime before = clock_.Now();
  clock_.Step(kADay * 400);
  guard_.Look();
  clock_.Advance(1h);
  guard_.Look();
  clock_.Step(-kADay * 10'000);
  ASSERT_TRUE(guard_.Look()) << "it must be stored";
  clock_.Advance(1h);
  guard_.Look();
  clock_.Step(kADay * 9600);
  ASSERT_TRUE(guard_.Look());

  ASSERT_EQ(guard_.Mistakes().size(), 2U);
  EXPECT_EQ(guard_.Mistakes()[0].really, before);
  EXPECT_EQ(guard_.Mistakes()[1].really, before + 1h);
}

TEST_F(ClockGuardTest, ForgetsAMistakeBeforeItsDatesReallyCome) {
  clock_.Step(kADay * 10);
  guard_.Look();
  clock_.Step(-kADay * 10);
  guard_.Look();
  ASSERT_EQ(guard_.Mistakes().size(), 1U);

  for (int day = 0; day < 11; ++day) {
    clock_.Advance(kADay);
    guard_.Look();
  }

  EXPECT_TRUE(guard_.Mistakes().empty());
}

TEST_F(ClockGuardTest, KeepsNoMoreThanAFewMistakes) {
  for (int i = 0; i < 50; ++i) {
    clock_.Step(-kADay * 100);
    guard_.Look();
    clock_.Step(kADay * 100);
    guard_.Look();
  }
  EXPECT_LE(guard_.Mistakes().size(), 16U);
}

TEST_F(ClockGuardTest, PeopleCanSayThatItIsRight) {
  clock_.Step(kADay * 400);
  guard_.Look();

  guard_.Confirm();

  EXPECT_FALSE(guard_.held());
  EXPECT_TRUE(guard_.Mistakes().empty()) << "the dates are right";
  EXPECT_EQ(guard_.Now(), clock_.Now());
  EXPECT_FALSE(guard_.Look());
}

TEST_F(ClockGuardTest, NtpIsBelievedAboutAMonthForwardAndNoMore) {
  synchronised_ = true;
  clock_.Step(kADay * 20);
  EXPECT_TRUE(guard_.Look());
  guard_.Look();
  EXPECT_FALSE(guard_.held()) << "the machine had slept";

  clock_.Step(kADay * 400);
  guard_.Look();
  guard_.Look();
  EXPECT_TRUE(guard_.held()) << "a receiver whose weeks have rolled over says that, too";
  guard_.Confirm();
  clock_.Step(-kADay * 2);
  guard_.Look();
  guard_.Look();
  EXPECT_TRUE(guard_.held());
}

TEST_F(ClockGuardTest, AtAStartTheTimeOffIsNoJumpUnlessItIsLongOrBackwards) {
  const auto held_after = [this](std::optional<WallTime> seen) {
    ClockGuard guard = Make();
    guard.StartsAfter(seen);
    guard.Look();
    return guard.held().has_value();
  };
  EXPECT_FALSE(held_after(std::nullopt)) << "the first start of all";
  EXPECT_FALSE(held_after(clock_.Now() - 10s));
  EXPECT_FALSE(held_after(clock_.Now() - kADay * 6)) << "off over the holidays";
  EXPECT_TRUE(held_after(clock_.Now() - kADay * 400));
  EXPECT_FALSE(held_after(clock_.Now() + 30min));
  EXPECT_TRUE(held_after(clock_.Now() + kADay * 10'000)) << "the battery of the clock is empty";
}

TEST_F(ClockGuardTest, AfterAStartWithAWrongClockItEndsWhenNtpHasSetIt) {
  const WallTime right = clock_.Now();
  clock_.Step(-kADay * 10'000);
  ClockGuard guard = Make();
  guard.StartsAfter(right - kADay * 3);
  guard.Look();
  ASSERT_TRUE(guard.held());

  clock_.Step(kADay * 10'000);

  EXPECT_TRUE(guard.Look());
  EXPECT_FALSE(guard.held()) << "three days off are nothing";
}

TEST_F(ClockGuardTest, IsKeptOverARestart) {
  const WallTime before = clock_.Now();
  clock_.Step(kADay * 400);
  guard_.Look();
  clock_.Advance(2h);
  const std::string text = guard_.ToText();
  const auto mistakes = guard_.Mistakes();

  ClockGuard next = Make();
  next.Restore(text);
  next.StartsAfter(clock_.Now() - 10s);

  EXPECT_EQ(next.held(), guard_.held());
  EXPECT_FALSE(next.Look());
  EXPECT_LT(std::chrono::abs(next.Now() - (before + 2h)), 1min);
  clock_.Step(-kADay * 400);
  EXPECT_TRUE(next.Look());
  EXPECT_FALSE(next.held());
  ClockGuard last = Make();
  last.Restore(next.ToText());
  EXPECT_EQ(last.Mistakes(), next.Mistakes());
  EXPECT_EQ(last.Mistakes().front().from, mistakes.front().from);
}

TEST_F(ClockGuardTest, AClockThatJumpsAgainWhileTheRecorderIsOffIsAnotherMistake) {
  clock_.Step(kADay * 400);
  guard_.Look();
  const std::string text = guard_.ToText();
  const WallTime seen = clock_.Now();
  clock_.Step(-kADay * 10'000);

  ClockGuard next = Make();
  next.Restore(text);
  next.StartsAfter(seen);

  ASSERT_EQ(next.Mistakes().size(), 2U);
  EXPECT_EQ(next.Mistakes()[1].from, clock_.Now());
  EXPECT_EQ(next.Mistakes()[1].really, next.Mistakes()[0].really);
}

TEST_F(ClockGuardTest, WhatWasStoredMayBeNonsense) {
  for (const char* text : {"", "7", "{", "{}", R"({"held":{},"mistakes":[{}]})", R"({"held":7})"}) {
    ClockGuard guard = Make();
    guard.Restore(text);
    EXPECT_FALSE(guard.held()) << text;
    EXPECT_TRUE(guard.Mistakes().empty()) << text;
  }
}

TEST(KernelClock, IsAskedAboutTheTimeItHas) {
  EXPECT_FALSE(KernelClockIsSynchronised(SystemClock().Now() + kADay)) << "it says another time";
}

}  // namespace
}  // namespace ronin::retention
