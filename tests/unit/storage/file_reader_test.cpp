// SPDX-License-Identifier: MIT
#include "storage/file_reader.h"

#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

class FileReaderTest : public ::testing::Test {
 protected:
  FileReaderTest() { std::ofstream(path_) << "0123456789"; }

  Result<uint64_t> Open(FileReader& reader) {
    std::optional<Result<uint64_t>> got;
    reader.Open([&](Result<uint64_t> size) { got = size; });
    EXPECT_FALSE(got) << "answered before it returned";
    EXPECT_TRUE(testing::PumpUntil([&] { return got.has_value(); }));
    return *got;
  }
  Result<std::string> Read(FileReader& reader, uint64_t offset, size_t length) {
    std::optional<Result<std::string>> got;
    reader.Read(offset, length, [&](Result<std::string> bytes) { got = bytes; });
    EXPECT_TRUE(testing::PumpUntil([&] { return got.has_value(); }));
    return *got;
  }

  testing::TempDir dir_;
  std::string path_ = dir_ / "file";
  Worker worker_{"read"};
};

TEST_F(FileReaderTest, ReadsRangesOfTheFileAsItWasWhenOpened) {
  FileReader reader(path_, worker_);
  ASSERT_EQ(Open(reader).value(), 10U);
  std::ofstream(path_, std::ios::app) << "later";
  std::filesystem::remove(path_);

  EXPECT_EQ(Read(reader, 0, 4).value(), "0123");
  EXPECT_EQ(Read(reader, 8, 100).value(), "89");
  EXPECT_EQ(Read(reader, 10, 1).value(), "");
  EXPECT_EQ(Read(reader, 11, 1).error().kind, ErrorKind::kInvalidArgument);
  EXPECT_EQ(Read(reader, UINT64_MAX, SIZE_MAX).error().kind, ErrorKind::kInvalidArgument);
}

TEST_F(FileReaderTest, SaysThatAFileBecameShorter) {
  FileReader reader(path_, worker_);
  ASSERT_TRUE(Open(reader));
  std::filesystem::resize_file(path_, 5);

  EXPECT_EQ(Read(reader, 0, 10).error().kind, ErrorKind::kCorrupt);
}

TEST_F(FileReaderTest, OpensRegularFilesOnly) {
  ASSERT_EQ(mkfifo((dir_ / "fifo").c_str(), 0600), 0);
  std::filesystem::create_symlink(path_, dir_ / "link");
  for (const char* name : {"", "fifo", "link", "none"}) {
    FileReader reader(dir_ / name, worker_);
    EXPECT_FALSE(Open(reader)) << name;
    EXPECT_EQ(Read(reader, 0, 1).error().kind, ErrorKind::kUnavailable) << name;
  }
  FileReader missing(dir_ / "none", worker_);
  EXPECT_EQ(Open(missing).error().kind, ErrorKind::kNotFound);
}

TEST_F(FileReaderTest, DoesNotAnswerAfterItsEnd) {
  bool answered = false;
  {
    FileReader reader(path_, worker_);
    reader.Open([&](const auto&) { answered = true; });
  }
  worker_.Stop();
  bool pumped = false;
  Mailbox mailbox;
  mailbox.Post([&] { pumped = true; });

  EXPECT_TRUE(testing::PumpUntil([&] { return pumped; }));
  EXPECT_FALSE(answered);
}

TEST_F(FileReaderTest, SaysThatItsThreadHasEnded) {
  worker_.Stop();
  FileReader reader(path_, worker_);

  EXPECT_EQ(Open(reader).error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(Read(reader, 0, 1).error().kind, ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace ronin
