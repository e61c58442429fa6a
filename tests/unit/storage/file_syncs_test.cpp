// SPDX-License-Identifier: MIT
#include "storage/file_syncs.h"

#include <fstream>
#include <future>
#include <vector>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin {
namespace {

class FileSyncsTest : public ::testing::Test {
 protected:
  void Add(FileSyncs& syncs, const std::string& path) {
    syncs.Add({.path = path,
               .read = [this, path] { said_.push_back("read " + path); },
               .synced =
                   [this, path](const Status& done) {
                     said_.push_back((done ? "synced " : done.error().message + " ") + path);
                   }});
  }
  std::string File(const std::string& name) {
    std::ofstream(dir_ / name) << "media";
    return dir_ / name;
  }

  testing::TempDir dir_;
  std::vector<std::string> said_;  // on the worker, until it is stopped
  Worker worker_{"storage"};
};

TEST_F(FileSyncsTest, ReadsAFileAndSyncsIt) {
  FileSyncs syncs(Volume(dir_.path()), worker_);
  const std::string file = File("a");
  Add(syncs, file);
  worker_.Stop();

  EXPECT_EQ(said_, (std::vector<std::string>{"read " + file, "synced " + file}));
}

TEST_F(FileSyncsTest, SyncsTogetherWhatCameWhileTheWorkerWasBusy) {
  FileSyncs syncs(Volume(dir_.path()), worker_);
  const std::string a = File("a");
  const std::string b = File("b");
  std::promise<void> hold;
  worker_.Post([held = hold.get_future().share()] { held.wait(); });
  Add(syncs, a);
  Add(syncs, b);
  hold.set_value();
  worker_.Stop();

  EXPECT_EQ(said_,
            (std::vector<std::string>{"read " + a, "read " + b, "synced " + a, "synced " + b}));
}

TEST_F(FileSyncsTest, TellsEachOfThemOfADiskThatIsGone) {
  FileSyncs syncs(Volume(dir_ / "gone"), worker_);
  std::promise<void> hold;
  worker_.Post([held = hold.get_future().share()] { held.wait(); });
  Add(syncs, "a");
  Add(syncs, "b");
  hold.set_value();
  worker_.Stop();

  ASSERT_EQ(said_.size(), 4U);
  EXPECT_NE(said_[2], "synced a");
  EXPECT_NE(said_[3], "synced b");
}

TEST_F(FileSyncsTest, TellsOnlyTheOneThatIsGoneOfThoseThatAreSyncedTogether) {
  FileSyncs syncs(Volume(dir_.path()), worker_);
  const std::string there = File("there");
  std::promise<void> hold;
  worker_.Post([held = hold.get_future().share()] { held.wait(); });
  Add(syncs, dir_ / "gone");
  Add(syncs, there);
  hold.set_value();
  worker_.Stop();

  ASSERT_EQ(said_.size(), 4U);
  EXPECT_NE(said_[2], "synced " + (dir_ / "gone"));
  EXPECT_EQ(said_[3], "synced " + there);
}

TEST_F(FileSyncsTest, TellsOfAFileThatIsGone) {
  FileSyncs syncs(Volume(dir_.path()), worker_);
  Add(syncs, dir_ / "gone");
  worker_.Stop();

  ASSERT_EQ(said_.size(), 2U);
  EXPECT_NE(said_[1], "synced " + (dir_ / "gone"));
}

}  // namespace
}  // namespace ronin
