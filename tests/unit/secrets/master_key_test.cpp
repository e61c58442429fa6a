// SPDX-License-Identifier: MIT
#include "secrets/master_key.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "secrets/key_files.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

void WriteFile(const std::string& path, const std::string& bytes, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << bytes;
  ASSERT_EQ(chmod(path.c_str(), mode), 0);
}

TEST(MasterKey, ComesBackFromItsFileWhichIsForItsOwnerOnly) {
  const testing::TempDir dir;
  const MasterKey key = MasterKey::Random();

  ASSERT_TRUE(key.WriteTo(dir / "master.key"));

  const auto read = MasterKey::Read(dir / "master.key", KeyReaders::kNobody);
  ASSERT_TRUE(read) << read.error().Text();
  EXPECT_EQ(std::string(key.bytes(), key.bytes() + 32),
            std::string(read->bytes(), read->bytes() + 32));
  EXPECT_EQ(key.id(), read->id());
  struct stat info = {};
  ASSERT_EQ(stat((dir / "master.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(info.st_size, 32);
}

TEST(MasterKey, IsAnotherEachTime) {
  EXPECT_NE(MasterKey::Random().id(), MasterKey::Random().id());
}

TEST(MasterKey, IsWrittenAlsoAfterAWriteThatWasCutOff) {
  const testing::TempDir dir;
  WriteFile(dir / "master.key.part", "torn");

  ASSERT_TRUE(MasterKey::Random().WriteTo(dir / "master.key"));

  EXPECT_TRUE(MasterKey::Read(dir / "master.key", KeyReaders::kNobody));
  EXPECT_FALSE(std::filesystem::exists(dir / "master.key.part"));
}

TEST(MasterKey, SaysWhenItCannotBeWritten) {
  const testing::TempDir dir;

  const auto written = MasterKey::Random().WriteTo(dir / "missing/master.key");

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kNotFound);
}

TEST(MasterKey, SaysWhenThereIsNone) {
  const testing::TempDir dir;

  const auto read = MasterKey::Read(dir / "master.key", KeyReaders::kNobody);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kNotFound);
}

TEST(MasterKey, RefusesAFileOfAnotherSize) {
  const testing::TempDir dir;
  for (const size_t size : {size_t(0), size_t(31), size_t(33), size_t(100'000)}) {
    WriteFile(dir / "master.key", std::string(size, 'k'));

    const auto read = MasterKey::Read(dir / "master.key", KeyReaders::kNobody);

    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_NE(read.error().message.find("is not a file of 32 bytes"), std::string::npos);
  }
}

TEST(MasterKey, RefusesWhatIsNoFile) {
  const testing::TempDir dir;
  std::filesystem::create_directory(dir / "folder");
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);

  EXPECT_FALSE(MasterKey::Read(dir / "folder", KeyReaders::kNobody));
  EXPECT_FALSE(MasterKey::Read(dir / "pipe", KeyReaders::kNobody));
}

TEST(MasterKey, RefusesAFileThatOthersMayRead) {
  const testing::TempDir dir;
  const auto read = [&](mode_t mode, KeyReaders readers) {
    WriteFile(dir / "master.key", std::string(32, 'k'), mode);
    return MasterKey::Read(dir / "master.key", readers);
  };
  EXPECT_TRUE(read(0400, KeyReaders::kNobody));
  EXPECT_TRUE(read(0440, KeyReaders::kGroup));
  EXPECT_EQ(read(0640, KeyReaders::kNobody).error().kind, ErrorKind::kPermission);
  EXPECT_EQ(read(0604, KeyReaders::kNobody).error().kind, ErrorKind::kPermission);
  const auto refused = read(0444, KeyReaders::kGroup);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("chmod 600"), std::string::npos);
}

class KeyFilesTest : public ::testing::Test {
 protected:
  void SetUp() override { setenv("CREDENTIALS_DIRECTORY", dir_.path().c_str(), 1); }
  void TearDown() override { unsetenv("CREDENTIALS_DIRECTORY"); }

  testing::TempDir dir_;
};

TEST_F(KeyFilesTest, AreTheCredentialOfTheSystemWhenThereIsOne) {
  WriteFile(dir_ / "ronin-nvr-master-key", std::string(32, 'k'), 0440);

  const KeyFiles files = KeyFiles::In("/data");

  EXPECT_TRUE(files.given());
  EXPECT_EQ(files.key, dir_ / "ronin-nvr-master-key");
  EXPECT_TRUE(files.Read(files.key));
}

TEST_F(KeyFilesTest, AreInTheDataFolderElse) {
  const KeyFiles files = KeyFiles::In("/data");

  EXPECT_FALSE(files.given());
  EXPECT_EQ(files.key, "/data/master.key");
  EXPECT_EQ(files.next, "/data/master.key.new");
}

}  // namespace
}  // namespace ronin
