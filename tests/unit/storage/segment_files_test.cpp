// SPDX-License-Identifier: MIT
#include "storage/segment_files.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "storage/open_paths.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

namespace fs = std::filesystem;

TEST(SegmentFiles, AreFoundByNameWithoutFollowingLinks) {
  testing::TempDir dir;
  const std::string root = dir.path();
  for (const char* folder : {"Yard/2026-11-27", "Yard/sub/2026-11-26", "Yard/notes", ".hidden"}) {
    fs::create_directories(root + "/" + folder);
  }
  std::ofstream(root + "/Yard/2026-11-27/10-00-00.mp4") << "12345";
  std::ofstream(root + "/Yard/2026-11-27/09-00-00-2.mp4") << "1";
  std::ofstream(root + "/Yard/2026-11-27/notes.mp4") << "x";
  fs::create_symlink("10-00-00.mp4", root + "/Yard/2026-11-27/11-00-00.mp4");
  fs::create_directory_symlink("Yard", root + "/Other");

  EXPECT_EQ(ListFolders(root).value(), FolderNames{"Yard"});
  EXPECT_EQ(ListDays(root, "Yard").value(),
            (FolderNames{"Yard/2026-11-27", "Yard/sub/2026-11-26"}));
  const auto files = ListSegmentFiles(root, "Yard/2026-11-27").value();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].rel_path, "Yard/2026-11-27/09-00-00-2.mp4");
  EXPECT_EQ(files[0].named.copy, 2);
  EXPECT_EQ(files[1].size_bytes, 5U);
  EXPECT_TRUE(ListSegmentFiles(root, "Yard/2026-11-28").value().empty());
  EXPECT_EQ(ListFolders(root + "/none").error().kind, ErrorKind::kNotFound);
}

TEST(OpenPaths, KnowAFileForAsLongAsSomebodyHasItsToken) {
  OpenPaths paths;
  auto token = paths.Open("/a/b.mp4");
  auto copy = token;

  token.reset();
  EXPECT_TRUE(paths.Contains("/a/b.mp4"));
  copy.reset();
  EXPECT_FALSE(paths.Contains("/a/b.mp4"));
}

}  // namespace
}  // namespace ronin
