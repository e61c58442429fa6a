// SPDX-License-Identifier: MIT
#include "api/ack_window.h"

#include <gtest/gtest.h>

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

constexpr MonoTime kStart{1000s};

TEST(AckWindow, IsOpenUntilTooMuchIsNotAcknowledged) {
  AckWindow window;
  EXPECT_TRUE(window.Open(kStart));
  window.Sent(AckWindow::kMostBytes - 1, kStart);
  EXPECT_TRUE(window.Open(kStart));
  window.Sent(1, kStart);
  EXPECT_FALSE(window.Open(kStart));

  window.Acked(1000);

  EXPECT_TRUE(window.Open(kStart));
}

TEST(AckWindow, IsClosedWhileSomethingWaitsForTooLong) {
  AckWindow window;
  window.Sent(100'000, kStart);
  window.Sent(100'000, kStart + 1s);
  EXPECT_TRUE(window.Open(kStart + 2s));
  EXPECT_FALSE(window.Open(kStart + 2100ms));
  EXPECT_EQ(window.Age(kStart + 2100ms), 2100ms);

  window.Acked(100'000);

  EXPECT_TRUE(window.Open(kStart + 2100ms));
  EXPECT_EQ(window.Age(kStart + 2100ms), 1100ms);
}

TEST(AckWindow, IsNotLateWhileNothingIsSent) {
  AckWindow window;
  window.Sent(100'000, kStart);
  window.Acked(100'000);

  EXPECT_FALSE(window.Late(kStart + 100s));
}

TEST(AckWindow, ToleratesAClientThatLeavesOutALittle) {
  AckWindow window;
  window.Sent(100'000, kStart);
  window.Acked(99'000);

  EXPECT_FALSE(window.Late(kStart + 100s));
}

TEST(AckWindow, TakesNoNotionOfBytesThatWereNotSentOrOfOlderNews) {
  AckWindow window;
  window.Sent(100'000, kStart);
  window.Acked(500'000);
  EXPECT_EQ(window.outstanding(), 0U);
  window.Acked(10);
  EXPECT_EQ(window.outstanding(), 0U);

  window.Sent(100'000, kStart);

  EXPECT_EQ(window.outstanding(), 100'000U);
}

TEST(AckWindow, CountsFromItsRestartOn) {
  AckWindow window;
  window.Sent(AckWindow::kMostBytes, kStart);
  window.Restart();

  EXPECT_TRUE(window.Open(kStart + 100s));
  EXPECT_EQ(window.outstanding(), 0U);
}

}  // namespace
}  // namespace ronin::api
