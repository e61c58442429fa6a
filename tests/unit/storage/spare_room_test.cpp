// SPDX-License-Identifier: MIT
#include "storage/spare_room.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin {
namespace {

namespace fs = std::filesystem;

TEST(SpareRoom, IsTakenOnceAndGivenUpOnce) {
  const testing::TempDir dir;
  const SpareRoom room(dir.path());
  EXPECT_FALSE(room.GiveUp()) << "there is none yet";

  ASSERT_TRUE(room.Keep());
  const auto size = fs::file_size(dir / ".spare-room");
  EXPECT_GT(size, 100'000U);
  ASSERT_TRUE(room.Keep());
  EXPECT_EQ(fs::file_size(dir / ".spare-room"), size);

  EXPECT_TRUE(room.GiveUp());
  EXPECT_FALSE(fs::exists(dir / ".spare-room"));
  EXPECT_FALSE(room.GiveUp());
}

TEST(SpareRoom, WhatACrashLeftOfItIsNoRoom) {
  const testing::TempDir dir;
  const SpareRoom room(dir.path());
  ASSERT_TRUE(room.Keep());
  fs::resize_file(dir / ".spare-room", 0);

  EXPECT_FALSE(room.GiveUp());
  ASSERT_TRUE(room.Keep());
  EXPECT_TRUE(room.GiveUp());
}

TEST(SpareRoom, SaysThatItsFolderIsAway) {
  const testing::TempDir dir;
  EXPECT_EQ(SpareRoom(dir / "away").Keep().error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace ronin
