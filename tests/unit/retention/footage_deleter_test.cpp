// SPDX-License-Identifier: MIT
#include "retention/footage_deleter.h"

#include <filesystem>
#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "config/setting_store.h"
#include "retention/protection.h"
#include "storage/segment_path.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// One volume, and two cameras whose footage is on it.
class FootageDeleterTest : public ::testing::Test {
 protected:
  /// Runs `job` on the thread of the databases.
  template <typename Job>
  auto OnDatabase(Job job) {
    std::promise<decltype(job())> promise;
    auto future = promise.get_future();
    database_.Post([&] { promise.set_value(job()); });
    return future.get();
  }

  FootageDeleterTest() {
    EXPECT_TRUE(Doom("Gone"));
    testing::PumpUntil([this] { return volumes_.all().front()->ok(); });
    volume_id_ = OnDatabase(
        [this] { return catalog_->EnsureVolume(root_, volumes_.all().front()->uuid()).value(); });
    volumes_.SetCatalogId(volumes_.all().front()->uuid(), volume_id_);
  }
  ~FootageDeleterTest() override {
    volumes_.StopWorkers();
    database_.Stop();
  }

  Status Doom(const std::string& name) {
    return OnDatabase([&]() -> Status {
      CameraRecord camera;
      camera.name = name;
      camera.url = "rtsp://192.0.2.1/";
      const auto stored = stores_.cameras->Insert(camera, kStart);
      if (!stored) return Fail(stored.error());
      auto done = stores_.cameras->Hide(stored->id, true, kStart);
      return done ? stores_.cameras->Remove(stored->id) : done;
    });
  }

  /// A file of a minute, and its row.
  int64_t Record(int64_t camera_id, int minute, const std::string& rel_path) {
    const fs::path path = root_ + "/" + rel_path;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "media";
    Segment segment;
    segment.camera_id = camera_id;
    segment.volume_id = volume_id_;
    segment.rel_path = rel_path;
    segment.start = kStart + minute * 1min;
    segment.end = segment.start + 1min;
    segment.size_bytes = 5;
    segment.state = SegmentState::kComplete;
    return OnDatabase([&] { return catalog_->Adopt(segment).value(); });
  }
  size_t Rows(int64_t camera_id) {
    return OnDatabase([&] { return catalog_->List({.camera_ids = {camera_id}})->items.size(); });
  }
  static std::string PathOf(const std::string& folder, int minute) {
    return SegmentPath{.folder = folder, .start = kStart + minute * 1min}.ToString();
  }
  bool Exists(const std::string& rel_path) const { return fs::exists(root_ + "/" + rel_path); }
  bool IsDoomed() {
    return OnDatabase([this] { return !stores_.cameras->Doomed()->empty(); });
  }

  static constexpr WallTime kStart{Micros(1'795'000'000'000'000)};
  testing::TempDir dir_;
  testing::TempDir disk_;
  const std::string root_ = disk_.path();
  testing::FakeClock clock_;
  Worker database_{"catalog"};
  OpenPaths open_paths_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  int64_t volume_id_ = 0;
  Volumes volumes_{{root_},
                   {},
                   clock_,
                   VolumeGate::Settings(),
                   {.identified = [](const auto&, const auto&) {},
                    .changed = [](VolumeGate&) {},
                    .data_lost = [](VolumeGate&) {},
                    .in_use = [](const VolumeGate&) { return false; }}};
  FootageDeleter deleter_{{.cameras = *stores_.cameras,
                           .catalog = *catalog_,
                           .database = database_,
                           .volumes = volumes_,
                           .open_paths = open_paths_,
                           .try_again = 50ms}};
};

TEST_F(FootageDeleterTest, DeletesAllOfARemovedCameraAndNothingElse) {
  for (int i = 0; i < 45; ++i) Record(1, i, PathOf("Gone", i));
  Record(2, 0, PathOf("Kept", 0));
  std::ofstream(root_ + "/Gone/notes.txt") << "mine";

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));

  EXPECT_EQ(Rows(1), 0U);
  EXPECT_FALSE(Exists(PathOf("Gone", 0)));
  EXPECT_FALSE(Exists(fs::path(PathOf("Gone", 0)).parent_path())) << "empty days go, too";
  EXPECT_TRUE(Exists("Gone/notes.txt"));
  EXPECT_TRUE(Exists(PathOf("Kept", 0)));
  EXPECT_EQ(Rows(2), 1U);
}

TEST_F(FootageDeleterTest, AFileThatIsGoneAlreadyIsNoFailure) {
  Record(1, 0, PathOf("Gone", 0));
  fs::remove_all(root_ + "/Gone");

  deleter_.Work();

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_EQ(Rows(1), 0U);
}

TEST_F(FootageDeleterTest, ProtectedRecordingsStay) {
  const int64_t kept = Record(1, 0, PathOf("Gone", 0));
  Record(1, 1, PathOf("Gone", 1));
  ASSERT_TRUE(OnDatabase([&] { return catalog_->SetProtected(kept, true); }));

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));

  EXPECT_TRUE(Exists(PathOf("Gone", 0)));
  EXPECT_FALSE(Exists(PathOf("Gone", 1)));
}

TEST_F(FootageDeleterTest, WhatCanStillBeProtectedStaysAndWhatIsBeingDeletedCannot) {
  const int64_t kept = Record(1, 0, PathOf("Gone", 0));
  const int64_t gone = Record(1, 1, PathOf("Gone", 1));
  Result<Segment> late = Fail(ErrorKind::kInternal, "");

  deleter_.Work();
  OnDatabase([&] {  // right behind its look at what there is, before it begins
    return SetProtection(*stores_.protection, *catalog_, kept, true).has_value();
  });
  std::promise<void> go_on;
  volumes_.all().front()->write_worker().Post([&] { go_on.get_future().wait(); });
  ASSERT_TRUE(testing::PumpUntil(
      [&] { return OnDatabase([&] { return !catalog_->Doomed(0, 1)->empty(); }); }));
  late = OnDatabase([&] { return SetProtection(*stores_.protection, *catalog_, gone, true); });
  go_on.set_value();

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_EQ(late.error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(Exists(PathOf("Gone", 0)));
  EXPECT_FALSE(Exists(PathOf("Gone", 1)));
  EXPECT_EQ(Rows(1), 1U);
}

TEST_F(FootageDeleterTest, NeverLeavesTheFolderOfTheVolume) {
  std::ofstream(dir_ / "outside.mp4") << "mine";
  Record(1, 0, PathOf("Gone", 0));
  Segment bad;
  bad.camera_id = 1;
  bad.volume_id = volume_id_;
  bad.rel_path = "Gone/notes.mp4";
  bad.start = kStart + 1h;
  bad.end = bad.start + 1min;
  bad.size_bytes = 1;
  bad.state = SegmentState::kComplete;
  ASSERT_TRUE(OnDatabase([&] { return catalog_->Adopt(bad); }));
  std::ofstream(root_ + "/Gone/notes.mp4") << "mine";

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));

  EXPECT_TRUE(Exists("Gone/notes.mp4")) << "it is not named like a recording";
  EXPECT_TRUE(fs::exists(dir_ / "outside.mp4"));
}

TEST_F(FootageDeleterTest, WaitsForAFileThatIsStillWritten) {
  Record(1, 0, PathOf("Gone", 0));
  Record(1, 1, PathOf("Gone", 1));
  auto open = open_paths_.Open(root_ + "/" + PathOf("Gone", 0));

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !Exists(PathOf("Gone", 1)); }));
  EXPECT_TRUE(Exists(PathOf("Gone", 0)));
  open.reset();

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_FALSE(Exists(PathOf("Gone", 0)));
}

TEST_F(FootageDeleterTest, WaitsForADiskThatIsAway) {
  Record(1, 0, PathOf("Gone", 0));
  const fs::path away = root_ + ".away";
  fs::rename(root_, away);
  fs::create_directories(root_);  // an empty place to mount it
  EXPECT_FALSE(DeleteFiles(volumes_.all().front()->volume(), {{1, PathOf("Gone", 0)}}))
      << "nothing counts as gone";

  ASSERT_TRUE(testing::PumpUntil([this] { return !volumes_.all().front()->ok(); }));
  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return database_.depth() == 0; }));
  EXPECT_TRUE(IsDoomed());
  fs::remove_all(root_);
  fs::rename(away, root_);

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_FALSE(Exists(PathOf("Gone", 0)));
}

}  // namespace
}  // namespace ronin::retention
