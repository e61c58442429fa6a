// SPDX-License-Identifier: MIT
#include "storage/file_copy.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr size_t kMiB = 1 << 20;

std::string Written(const std::string& path, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = char(i * 7 + i / 251);
  std::ofstream(path, std::ios::binary) << bytes;
  return bytes;
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

CopyPace Quick() {
  return {.cancelled = [] { return false; }, .wait = [] { return false; }};
}

TEST(FileCopy, HasTheSameBytesAndTheSameTime) {
  testing::TempDir dir;
  for (const size_t size : {size_t(0), size_t(1), kMiB, 2 * kMiB + 1}) {
    const std::string bytes = Written(dir / "a", size);
    fs::last_write_time(dir / "a", fs::file_time_type::clock::now() - 48h);

    EXPECT_EQ(CopyFile(dir / "a", dir / "b", Quick()).value(), size);

    EXPECT_TRUE(Read(dir / "b") == bytes) << size;
    EXPECT_EQ(fs::last_write_time(dir / "a"), fs::last_write_time(dir / "b"));
  }
}

TEST(FileCopy, IsNoFasterThanAllowed) {
  testing::TempDir dir;
  Written(dir / "a", 3 * kMiB);
  CopyPace pace = Quick();
  pace.bytes_per_s = 20 * kMiB;
  const auto begin = std::chrono::steady_clock::now();

  ASSERT_TRUE(CopyFile(dir / "a", dir / "b", pace));

  EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
}

TEST(FileCopy, StandsStillWhileOthersNeedTheDiskAndEndsWhenCancelled) {
  testing::TempDir dir;
  Written(dir / "a", 3 * kMiB);
  std::atomic<int> asked{0};
  CopyPace pace = Quick();
  pace.wait = [&] { return true; };
  pace.cancelled = [&] { return ++asked > 3; };

  const auto copied = CopyFile(dir / "a", dir / "b", pace);

  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(fs::file_size(dir / "b"), kMiB / 4);
}

TEST(FileCopy, SaysThatThereIsNoFileAndFollowsNoLink) {
  testing::TempDir dir;
  EXPECT_EQ(CopyFile(dir / "a", dir / "b", Quick()).error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(fs::exists(dir / "b"));
  Written(dir / "real", 1);
  fs::create_symlink(dir / "real", dir / "link");
  EXPECT_FALSE(CopyFile(dir / "link", dir / "b", Quick()));
  EXPECT_FALSE(CopyFile(dir / "real", dir / "link", Quick()));
}

TEST(FileCopy, ANameThatIsTakenIsNotGivenAgain) {
  testing::TempDir dir;
  Written(dir / "a", 1);
  Written(dir / "b", 2);

  EXPECT_EQ(RenameNew(dir / "a", dir / "b").error().kind, ErrorKind::kConflict);
  EXPECT_EQ(fs::file_size(dir / "b"), 2U);
  EXPECT_TRUE(RenameNew(dir / "a", dir / "c"));
  EXPECT_FALSE(fs::exists(dir / "a"));
}

}  // namespace
}  // namespace ronin
