// SPDX-License-Identifier: MIT
#include "storage/folder_lock.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin {
namespace {

using testing::TempDir;

TEST(FolderLock, IsHeldByOneAtATimeAndGivenBack) {
  const TempDir dir;
  {
    const auto first = FolderLock::Take(dir.path());
    ASSERT_TRUE(first);

    const auto second = FolderLock::Take(dir.path());

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  }
  EXPECT_TRUE(FolderLock::Take(dir.path()));
}

TEST(FolderLock, SaysWhenTheFolderIsNotThere) {
  const auto lock = FolderLock::Take("/does/not/exist");

  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace ronin
