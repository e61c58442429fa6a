// SPDX-License-Identifier: MIT
#include "storage/served_files.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

TEST(ServedFiles, AFileIsServedUntilAMinuteAfterTheLastOneLetGo) {
  testing::FakeClock clock;
  ServedFiles files(clock);
  auto one = files.Serve("/a");
  auto two = files.Serve("/a");
  EXPECT_EQ(*one, "/a");
  EXPECT_FALSE(files.Contains("/b"));

  one.reset();
  clock.Advance(1h);
  EXPECT_TRUE(files.Contains("/a")) << "the other one has it";
  two.reset();
  clock.Advance(59s);
  EXPECT_TRUE(files.Contains("/a")) << "a player asks for it piece by piece";
  clock.Advance(2s);
  EXPECT_FALSE(files.Contains("/a"));
}

TEST(ServedFiles, ATokenMayOutliveIt) {
  testing::FakeClock clock;
  ServedFiles::Token token;
  {
    ServedFiles files(clock);
    token = files.Serve("/a");
  }
  EXPECT_EQ(*token, "/a");
}

}  // namespace
}  // namespace ronin
