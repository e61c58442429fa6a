// SPDX-License-Identifier: MIT
#include "camera/sender_clock.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr uint64_t kSecondNs = 1'000'000'000;  // ns
constexpr uint32_t kVideoSsrc = 7;
constexpr unsigned kVideoRate = 90000;
constexpr int64_t kFrom1900To1970 = 2'208'988'800;
const WallTime kToday = FromMicros(1'795'000'000'250'000);

uint64_t NtpOf(WallTime time) {
  const int64_t us = ToMicros(time);
  return (uint64_t(us / 1'000'000 + kFrom1900To1970) << 32U) +
         ((uint64_t(us % 1'000'000) << 32U) + 999'999) / 1'000'000;
}

TEST(NtpTime, IsTheNearestOfAllThatItMayMean) {
  const WallTime in_2050 = FromMicros(2'524'608'000'000'000);
  const WallTime in_1970 = FromMicros(42'000'000);

  EXPECT_EQ(WallTimeOfNtp(NtpOf(kToday), kToday), kToday);
  EXPECT_EQ(WallTimeOfNtp(NtpOf(in_2050), in_2050), in_2050) << "seconds wrapped in 2036";
  EXPECT_EQ(WallTimeOfNtp(NtpOf(in_2050), kToday), in_2050);
  EXPECT_EQ(WallTimeOfNtp(NtpOf(in_1970), kToday), in_1970);
  EXPECT_EQ(WallTimeOfNtp(NtpOf(kToday), in_1970), kToday) << "ours may be wrong, too";
}

TEST(NtpTime, IsNoneWhenTheCameraOnlyCountsSinceItWasSwitchedOn) {
  const WallTime in_2036 = FromMicros(2'085'978'500'000'000);

  EXPECT_EQ(WallTimeOfNtp(0, kToday), std::nullopt);
  EXPECT_EQ(WallTimeOfNtp(uint64_t(3600) << 32U, kToday), std::nullopt);
  EXPECT_EQ(WallTimeOfNtp(NtpOf(in_2036), in_2036), in_2036) << "then it is a time again";
}

/// A camera whose clock is wrong by `off`, and whose frames arrive at once: media time 0 is kToday.
class SenderClockTest : public ::testing::Test {
 protected:
  /// A report of the instant at this media time, and RTP time.
  void Report(uint64_t media_ns, uint32_t ssrc = kVideoSsrc) {
    clock_.Take({ssrc, NtpOf(kToday + Micros(int64_t(media_ns / 1000)) + off_), RtpOf(media_ns)});
  }
  /// A packet and its frame; the frame is recorded `shift` later.
  void Picture(uint64_t media_ns, uint64_t shift_ns = 0) {
    if (clock_.expects_packet()) clock_.Packet(kVideoSsrc, RtpOf(media_ns), media_ns, kVideoRate);
    clock_.Frame(media_ns, media_ns + shift_ns, kToday + Micros(int64_t(media_ns / 1000)) + ours_);
  }
  uint32_t RtpOf(uint64_t media_ns) const {
    return rtp_at_0_ + uint32_t(media_ns / 1000 * 9 / 100);
  }
  /// What the newest reading tells; 1 h when there is none.
  Micros Offset() const { return clock_.newest() ? clock_.newest()->offset : Micros(1h); }

  SenderClock clock_;
  Micros off_{-12'300'000};
  Micros ours_{0};  // by which our clock was set
  uint32_t rtp_at_0_ = 1000;
};

TEST_F(SenderClockTest, TellsTheDifferenceOfTheClocksHoweverLateTheReportComes) {
  Picture(0);
  EXPECT_FALSE(clock_.newest());

  Report(0);
  Picture(3 * kSecondNs);

  ASSERT_TRUE(clock_.newest());
  EXPECT_NEAR(double(Offset().count()), -12'300'000, 20);
  EXPECT_EQ(clock_.newest()->number, 1U);
}

TEST_F(SenderClockTest, KeepsTheFirstReadingAndTheNewest) {
  Report(0);
  Picture(kSecondNs);
  off_ += 700ms;
  Report(5 * kSecondNs);
  Picture(6 * kSecondNs);

  EXPECT_NEAR(double(clock_.first()->offset.count()), -12'300'000, 20);
  EXPECT_NEAR(double(Offset().count()), -11'600'000, 20);
  EXPECT_EQ(clock_.newest()->number, 2U);
}

TEST_F(SenderClockTest, ReadsAcrossTheWrapOfRtpTime) {
  rtp_at_0_ = 0xffffffffU - kVideoRate;

  Report(0);
  Picture(2 * kSecondNs);

  EXPECT_NEAR(double(Offset().count()), -12'300'000, 20);
}

TEST_F(SenderClockTest, IgnoresReportsOfOtherTracksAndOfOtherTimes) {
  Report(0, kVideoSsrc + 1);
  Picture(kSecondNs);
  EXPECT_FALSE(clock_.expects_packet()) << "it does not look at each packet for ever";
  Report(60 * kSecondNs);
  Picture(2 * kSecondNs);
  clock_.Take({kVideoSsrc, 0, RtpOf(3 * kSecondNs)});
  Picture(3 * kSecondNs);

  EXPECT_FALSE(clock_.newest());
}

TEST_F(SenderClockTest, LearnsNothingFromAFrameThatGotATimeOfItsOwn) {
  Picture(0);
  Report(0);
  Picture(kSecondNs, kSecondNs / 3);
  EXPECT_FALSE(clock_.newest());

  Picture(2 * kSecondNs, kSecondNs / 3);
  Report(2 * kSecondNs);
  Picture(3 * kSecondNs, kSecondNs / 3);
  EXPECT_NEAR(double(Offset().count()), -12'300'000, 20);
}

TEST_F(SenderClockTest, ForgetsWhatItReadWhenOurClockIsSet) {
  Report(0);
  Picture(kSecondNs);

  ours_ = 1h;
  Picture(2 * kSecondNs);
  EXPECT_FALSE(clock_.first());
  EXPECT_FALSE(clock_.newest());
  EXPECT_EQ(clock_.epoch(), 1U);

  Report(2 * kSecondNs);
  Picture(3 * kSecondNs);
  EXPECT_NEAR(double(Offset().count()), double((off_ - Micros(1h)).count()), 20);
  EXPECT_EQ(clock_.newest()->epoch, 1U);
}

}  // namespace
}  // namespace ronin::camera
