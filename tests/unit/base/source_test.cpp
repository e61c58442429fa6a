// SPDX-License-Identifier: MIT
#include "base/source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/main_loop.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;
using testing::PumpUntil;

TEST(Source, RunsOnceAndIsThenInactive) {
  int runs = 0;
  Source source = Source::After(1ms, [&] { ++runs; });
  EXPECT_TRUE(source.active());

  EXPECT_TRUE(PumpUntil([&] { return runs > 0; }));
  bool later = false;
  Source other = Source::After(20ms, [&] { later = true; });
  EXPECT_TRUE(PumpUntil([&] { return later; }));

  EXPECT_EQ(runs, 1);
  EXPECT_FALSE(source.active());
}

TEST(Source, DoesNothingAfterItsOwnerIsGone) {
  bool ran = false;
  {
    const Source source = Source::After(0ms, [&] { ran = true; });
  }
  bool later = false;
  Source other = Source::After(20ms, [&] { later = true; });

  EXPECT_TRUE(PumpUntil([&] { return later; }));

  EXPECT_FALSE(ran);
}

TEST(Source, TheCallbackMayReplaceTheSourceThatRunsIt) {
  Source source;
  bool second = false;
  source = Source::After(0ms, [&] { source = Source::After(0ms, [&] { second = true; }); });

  EXPECT_TRUE(PumpUntil([&] { return second; }));
}

TEST(Source, WatchesADescriptor) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  bool readable = false;
  const Source source = Source::OnFd(ends[0], G_IO_IN, [&](GIOCondition) {
    readable = true;
    return false;
  });
  ASSERT_EQ(write(ends[1], "x", 1), 1);

  EXPECT_TRUE(PumpUntil([&] { return readable; }));

  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace ronin
