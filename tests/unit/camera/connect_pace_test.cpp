// SPDX-License-Identifier: MIT
#include "camera/connect_pace.h"

#include <vector>

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

const MonoTime kFirstTurn{Micros(1'000'000'000)};

TEST(ConnectPace, LetsAFewConnectAtOnce) {
  ConnectPace pace;

  for (int i = 0; i < 8; ++i) EXPECT_EQ(pace.Take(kFirstTurn), 0ms);
  EXPECT_EQ(pace.Take(kFirstTurn), 80ms);
}

TEST(ConnectPace, LetsTheSubStreamsOfAPageConnectAtOnce) {
  ConnectPace pace(ConnectPace::kSub);

  for (int i = 0; i < 16; ++i) EXPECT_EQ(pace.Take(kFirstTurn), 0ms);
  EXPECT_EQ(pace.Take(kFirstTurn), 80ms);
}

TEST(ConnectPace, SixtyFourCamerasHaveAllBegunWithinFiveSecondsAndWithoutABurst) {
  ConnectPace pace;
  std::vector<milliseconds> turns;

  for (int i = 0; i < 64; ++i) turns.push_back(pace.Take(kFirstTurn));

  EXPECT_LE(turns[15], 1s) << "of 16 cameras";
  EXPECT_GE(turns.back(), 4s);
  EXPECT_LE(turns.back(), 5s);
  for (size_t i = 8; i < turns.size(); ++i) EXPECT_EQ(turns[i] - turns[i - 1], 80ms);
}

TEST(ConnectPace, OneAloneWaitsForNothing) {
  ConnectPace pace;
  MonoTime now = kFirstTurn;

  for (int i = 0; i < 100; ++i, now += 80ms) EXPECT_EQ(pace.Take(now), 0ms);
}

TEST(ConnectPace, SavesUpNoMoreThanAFewTurnsInALongPause) {
  ConnectPace pace;
  pace.Take(kFirstTurn);

  const MonoTime later = kFirstTurn + std::chrono::hours(24);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(pace.Take(later), 0ms);
  EXPECT_EQ(pace.Take(later), 80ms);
}

}  // namespace
}  // namespace ronin::camera
