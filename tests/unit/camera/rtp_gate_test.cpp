// SPDX-License-Identifier: MIT
#include "camera/rtp_gate.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using Bytes = std::vector<uint8_t>;
using Verdict = RtpGate::Verdict;

void PutWord(Bytes* bytes, uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes->push_back(uint8_t(word >> shift));
}

Bytes Packet(uint32_t sender, const std::vector<uint32_t>& sources = {}) {
  Bytes out{uint8_t(0x80 | sources.size()), 96, 0, 1};
  PutWord(&out, 90'000);
  PutWord(&out, sender);
  for (const uint32_t source : sources) PutWord(&out, source);
  return out;
}

Bytes ReportOf(uint32_t sender) {
  Bytes out{0x80, 200, 0, 6};
  PutWord(&out, sender);
  out.resize(28);
  return out;
}

constexpr MonoTime kFirstReport{Micros(5'000'000)};

class RtpGateTest : public ::testing::Test {
 protected:
  int Passed(const std::vector<Bytes>& packets) {
    int out = 0;
    for (const Bytes& packet : packets) out += gate_.Media(packet) == Verdict::kPass ? 1 : 0;
    return out;
  }
  Verdict Report(const Bytes& bytes, MonoTime now = kFirstReport) {
    return gate_.Report(bytes, bytes.size(), now);
  }

  RtpGate gate_;
};

TEST_F(RtpGateTest, LetsTheStreamPassAndStrangersNot) {
  EXPECT_EQ(Passed({Packet(7), Packet(7)}), 2);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(gate_.Media(Packet(8)), Verdict::kDrop);
    EXPECT_EQ(gate_.Media(Packet(7)), Verdict::kPass);
  }
}

TEST_F(RtpGateTest, AStrayPacketAtTheBeginningDoesNotTakeThePlace) {
  EXPECT_EQ(Passed({Packet(9), Packet(7), Packet(7)}), 3);
  EXPECT_EQ(gate_.Media(Packet(9)), Verdict::kDrop);
}

TEST_F(RtpGateTest, TellsOnceThatAnotherHasTakenThePlace) {
  Passed({Packet(7), Packet(7)});
  int lost = 0;
  for (int i = 0; i < 1000; ++i) lost += gate_.Media(Packet(8)) == Verdict::kLost ? 1 : 0;

  EXPECT_EQ(lost, 1);
  EXPECT_EQ(gate_.Media(Packet(7)), Verdict::kDrop) << "the connection is over";
}

TEST_F(RtpGateTest, FewSendersAreEverSeenBehindIt) {
  std::mt19937 random(1);
  int passed = 0;
  for (int i = 0; i < 100'000; ++i) {
    passed += gate_.Media(Packet(uint32_t(random()))) == Verdict::kPass ? 1 : 0;
  }
  EXPECT_LE(passed, 31);
}

TEST_F(RtpGateTest, FewListsOfSourcesAreEverSeenBehindIt) {
  std::mt19937 random(1);
  int passed = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Bytes packet = Packet(7, {uint32_t(random()), uint32_t(random())});
    passed += gate_.Media(packet) == Verdict::kPass ? 1 : 0;
  }
  EXPECT_LE(passed, 31);
}

TEST_F(RtpGateTest, SourcesThatStayAreNoMatter) {
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(gate_.Media(Packet(7, {1, 2})), Verdict::kPass);
}

TEST_F(RtpGateTest, WhatIsNoPacketIsDroppedAndCountsForNothing) {
  Passed({Packet(7), Packet(7)});
  Bytes other_version = Packet(7);
  other_version[0] = 0x40;
  Bytes torn = Packet(7, {1});
  torn.pop_back();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Passed({Bytes(), Bytes{0x80}, Bytes(11, 0x80), other_version, torn}), 0);
  }
  EXPECT_EQ(gate_.Media(Packet(7)), Verdict::kPass);
}

TEST_F(RtpGateTest, OnlyTheSendersReportsPass) {
  EXPECT_EQ(Report(ReportOf(7)), Verdict::kDrop) << "nothing is known of the sender yet";
  Passed({Packet(7), Packet(7)});

  EXPECT_EQ(Report(ReportOf(7)), Verdict::kPass);
  EXPECT_EQ(Report(ReportOf(8)), Verdict::kDrop);
  EXPECT_EQ(Report(Bytes(4, 0x80)), Verdict::kDrop);
  EXPECT_EQ(gate_.Report(ReportOf(7), 60'000, kFirstReport), Verdict::kDrop);
}

TEST_F(RtpGateTest, ReportsPassAtTheRateOfRealOnes) {
  Passed({Packet(7), Packet(7)});
  int passed = 0;
  for (int i = 0; i < 5000; ++i) {
    const MonoTime now = kFirstReport + std::chrono::milliseconds(i);
    passed += Report(ReportOf(7), now) == Verdict::kPass ? 1 : 0;
  }
  EXPECT_LE(passed, 60);
  EXPECT_EQ(Report(ReportOf(7), kFirstReport + std::chrono::seconds(10)), Verdict::kPass);
}

}  // namespace
}  // namespace ronin::camera
