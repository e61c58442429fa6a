// SPDX-License-Identifier: MIT
#include "base/main_thread.h"

#include <thread>

#include <glib.h>
#include <gtest/gtest.h>

namespace ronin {
namespace {

void BelongsToMain() { RONIN_ASSERT_MAIN_THREAD(); }

// The test program has named its first thread main, see tests/support/main.cpp.
TEST(MainThread, IsTheOneThatWasNamed) {
  bool elsewhere = true;
  std::thread([&] { elsewhere = OnMainThread(); }).join();

  EXPECT_TRUE(OnMainThread());
  EXPECT_FALSE(elsewhere);
  BelongsToMain();
}

TEST(MainThreadDeathTest, AMethodOfMainEndsTheProgramOnAnotherThread) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");

  EXPECT_DEATH(std::thread(BelongsToMain).join(), "BelongsToMain.*OnMainThread");
}

}  // namespace
}  // namespace ronin
