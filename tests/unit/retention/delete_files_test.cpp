// SPDX-License-Identifier: MIT
#include "retention/delete_files.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <linux/fs.h>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "storage/volume_identity.h"
#include "support/temp_dir.h"

namespace ronin::retention {
namespace {

namespace fs = std::filesystem;

/// Makes the file immutable, so that nobody can delete it. Not everybody may do so, and not on
/// every file system.
class Immutable {
 public:
  explicit Immutable(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    done_ = Set(FS_IMMUTABLE_FL);
  }
  ~Immutable() {
    if (done_) Set(0);
    close(file_);
  }
  bool done() const { return done_; }

 private:
  bool Set(int flags) const { return ioctl(file_, FS_IOC_SETFLAGS, &flags) == 0; }
  const int file_;
  bool done_ = false;
};

class DeleteFilesTest : public ::testing::Test {
 protected:
  static std::string PathOf(int second) {
    return "Yard/2026-11-28/10-00-0" + std::to_string(second) + ".mp4";
  }
  DeleteFilesTest() {
    fs::create_directories(root_.path() / "Yard/2026-11-28");
    for (int i = 0; i < 3; ++i) {
      std::ofstream(root_ / PathOf(i)) << "media";
      files_.push_back({i, PathOf(i)});
    }
  }
  bool Exists(int second) const { return fs::exists(root_ / PathOf(second)); }

  using Ids = std::vector<int64_t>;
  testing::TempDir root_;
  const Volume volume_{root_.path(), CreateVolumeIdentity(root_.path(), WallTime{})->uuid};
  std::vector<DoomedFile> files_;
};

TEST_F(DeleteFilesTest, TheFilesGoAndTheFoldersThatAreEmptyThen) {
  std::ofstream(root_ / "Yard/notes.txt") << "mine";
  files_.push_back({9, "Yard/2026-11-27/10-00-00.mp4"});
  files_.push_back({10, "Yard/notes.txt"});

  const auto deleted = DeleteFiles(volume_, files_).value();

  EXPECT_EQ(deleted.gone, (Ids{0, 1, 2, 9})) << "what was not there is gone as well";
  EXPECT_TRUE(deleted.stuck.empty());
  EXPECT_FALSE(fs::exists(root_.path() / "Yard/2026-11-28"));
  EXPECT_TRUE(fs::exists(root_.path() / "Yard/notes.txt"));
}

TEST_F(DeleteFilesTest, OneThatIsNoFileStaysAndTheOthersGo) {
  fs::remove(root_ / PathOf(1));
  fs::create_directory(root_ / PathOf(1));

  const auto deleted = DeleteFiles(volume_, files_).value();

  EXPECT_EQ(deleted.gone, (Ids{0, 2}));
  EXPECT_EQ(deleted.stuck, Ids{1});
  EXPECT_NE(deleted.why.find(PathOf(1)), std::string::npos);
}

TEST_F(DeleteFilesTest, AnImmutableOneStaysAndTheOthersGo) {
  const Immutable first(root_ / PathOf(0));
  if (!first.done()) GTEST_SKIP() << "no file can be made immutable here";

  const auto deleted = DeleteFiles(volume_, files_).value();

  EXPECT_EQ(deleted.gone, (Ids{1, 2}));
  EXPECT_EQ(deleted.stuck, Ids{0});
  EXPECT_TRUE(Exists(0));
}

TEST_F(DeleteFilesTest, OnADiskThatIsNotTheRightOneNothingCountsAsGone) {
  const Volume other(root_.path(), "00000000-0000-4000-8000-000000000000");

  EXPECT_FALSE(DeleteFiles(other, files_));

  EXPECT_TRUE(Exists(0));
}

TEST_F(DeleteFilesTest, InTheEmptyFolderOfADiskThatWentAwayNothingCountsAsGone) {
  const testing::TempDir empty;

  EXPECT_FALSE(DeleteFiles(Volume(empty.path()), files_));
}

}  // namespace
}  // namespace ronin::retention
