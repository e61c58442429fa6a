// SPDX-License-Identifier: MIT
#include "storage/volume.h"

#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/folders.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

TEST(Volume, IsGoodWhenAFileCanBeCreatedInIt) {
  testing::TempDir dir;
  const Volume volume(dir.path().string() + "//");

  EXPECT_TRUE(volume.Check());
  EXPECT_EQ(volume.root(), dir.path());
  EXPECT_EQ(volume.PathOf("a/b"), dir / "a/b");
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(Volume, SaysInWordsWhyItCannotBeUsed) {
  testing::TempDir dir;
  std::ofstream(dir / "file") << "x";
  const std::string missing = dir / "none";

  EXPECT_EQ(Volume(missing).Check().error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(Volume(missing).Check().error().message,
            "storage folder \"" + missing + "\" does not exist");
  EXPECT_EQ(Volume(dir / "file").Check().error().kind, ErrorKind::kInvalidArgument);
  EXPECT_FALSE(Volume("/proc").Check());
}

/// What `question` says in a child process of the user `uid`; root may write everywhere.
bool AskedAs(uid_t uid, const std::function<bool()>& question) {
  const pid_t child = fork();
  if (child == 0) _exit((geteuid() != 0 || setuid(uid) == 0) && question() ? 0 : 1);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Volume, IsRefusedWithoutTheRightToWrite) {
  constexpr uid_t kNobody = 65534;
  testing::TempDir dir;
  const Volume volume(dir.path());
  if (geteuid() == 0) {
    ASSERT_EQ(chown(dir.path().c_str(), kNobody, gid_t(-1)), 0);
  }
  ASSERT_TRUE(AskedAs(kNobody, [&] { return volume.Check().has_value(); }));
  ASSERT_EQ(chmod(dir.path().c_str(), 0500), 0);

  EXPECT_TRUE(AskedAs(kNobody, [&] {
    const auto checked = volume.Check();
    return !checked && checked.error().kind == ErrorKind::kPermission;
  }));

  ASSERT_EQ(chmod(dir.path().c_str(), 0700), 0);
}

TEST(Volume, MeasuresItsSpace) {
  testing::TempDir dir;

  const auto space = Volume(dir.path()).Space();

  ASSERT_TRUE(space);
  EXPECT_GT(space->total_bytes, 0U);
  EXPECT_LE(space->free_bytes, space->total_bytes);
  EXPECT_EQ(Volume(dir / "none").Space().error().kind, ErrorKind::kNotFound);
}

TEST(MakeDirs, CreatesAllThatIsMissingForOwnerAndGroup) {
  testing::TempDir dir;

  ASSERT_TRUE(MakeDirs(dir / "a/b//c/"));
  ASSERT_TRUE(MakeDirs(dir / "a/b/c"));

  struct stat info = {};
  ASSERT_EQ(stat((dir / "a/b").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07027, 0U);
  EXPECT_TRUE(std::filesystem::is_directory(dir / "a/b/c"));
}

TEST(MakeDirs, RefusesAFileInItsWay) {
  testing::TempDir dir;
  std::ofstream(dir / "a") << "x";

  EXPECT_EQ(MakeDirs(dir / "a").error().kind, ErrorKind::kInvalidArgument);
  EXPECT_EQ(MakeDirs(dir / "a/b").error().kind, ErrorKind::kInvalidArgument);
}

}  // namespace
}  // namespace ronin
