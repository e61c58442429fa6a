// SPDX-License-Identifier: MIT
#include "retention/footage_deleter.h"

#include <filesystem>
#include <fstream>

#include "retention/protection.h"
#include "unit/retention/volumes_fixture.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A camera that was removed with its footage, and footage of another one.
class FootageDeleterTest : public VolumesFixture {
 protected:
  FootageDeleterTest() { AddDoomedCamera("Gone"); }

  /// A file of a minute.
  int64_t Record(int64_t camera_id, int minute, const std::string& folder) {
    return VolumesFixture::Record(
        {.start = kNow + minute * 1min, .length = 1min, .camera_id = camera_id, .folder = folder});
  }
  size_t RowsOf(int64_t camera_id) { return Rows({.camera_ids = {camera_id}}); }
  static std::string PathAt(const std::string& folder, int minute) {
    return PathOf(folder, kNow + minute * 1min);
  }
  bool Exists(const std::string& rel_path) const { return fs::exists(On(0, rel_path)); }
  bool IsDoomed() {
    return OnDatabase([this] { return !stores_.cameras->Doomed()->empty(); });
  }

  FootageDeleter deleter_{{.cameras = *stores_.cameras,
                           .catalog = *catalog_,
                           .database = database_,
                           .volumes = volumes_,
                           .open_paths = open_paths_,
                           .try_again = 50ms}};
};

TEST_F(FootageDeleterTest, DeletesAllOfARemovedCameraAndNothingElse) {
  for (int i = 0; i < 45; ++i) Record(1, i, "Gone");
  Record(2, 0, "Kept");
  std::ofstream(On(0, "Gone/notes.txt")) << "mine";

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));

  EXPECT_EQ(RowsOf(1), 0U);
  EXPECT_FALSE(Exists(PathAt("Gone", 0)));
  EXPECT_FALSE(Exists(fs::path(PathAt("Gone", 0)).parent_path())) << "empty days go, too";
  EXPECT_TRUE(Exists("Gone/notes.txt"));
  EXPECT_TRUE(Exists(PathAt("Kept", 0)));
  EXPECT_EQ(RowsOf(2), 1U);
}

TEST_F(FootageDeleterTest, AFileThatIsGoneAlreadyIsNoFailure) {
  Record(1, 0, "Gone");
  fs::remove_all(On(0, "Gone"));

  deleter_.Work();

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_EQ(RowsOf(1), 0U);
}

TEST_F(FootageDeleterTest, ProtectedRecordingsStay) {
  const int64_t kept = Record(1, 0, "Gone");
  Record(1, 1, "Gone");
  Protect(kept);

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));

  EXPECT_TRUE(Exists(PathAt("Gone", 0)));
  EXPECT_FALSE(Exists(PathAt("Gone", 1)));
}

TEST_F(FootageDeleterTest, WhatCanStillBeProtectedStaysAndWhatIsBeingDeletedCannot) {
  const int64_t kept = Record(1, 0, "Gone");
  const int64_t gone = Record(1, 1, "Gone");
  Result<Segment> late = Fail(ErrorKind::kInternal, "");

  deleter_.Work();
  OnDatabase([&] {  // right behind its look at what there is, before it begins
    return SetProtection(*stores_.protection, *catalog_, kept, true).has_value();
  });
  std::promise<void> go_on;
  gate().write_worker().Post([&] { go_on.get_future().wait(); });
  ASSERT_TRUE(testing::PumpUntil(
      [&] { return OnDatabase([&] { return !catalog_->Doomed(0, 1)->empty(); }); }));
  late = OnDatabase([&] { return SetProtection(*stores_.protection, *catalog_, gone, true); });
  go_on.set_value();

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_EQ(late.error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(Exists(PathAt("Gone", 0)));
  EXPECT_FALSE(Exists(PathAt("Gone", 1)));
  EXPECT_EQ(RowsOf(1), 1U);
}

TEST_F(FootageDeleterTest, NeverLeavesTheFolderOfTheVolume) {
  std::ofstream(dir_ / "outside.mp4") << "mine";
  Record(1, 0, "Gone");
  AddRow({.start = kNow + 1h}, "Gone/notes.mp4");
  std::ofstream(On(0, "Gone/notes.mp4")) << "mine";

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));

  EXPECT_TRUE(Exists("Gone/notes.mp4")) << "it is not named like a recording";
  EXPECT_TRUE(fs::exists(dir_ / "outside.mp4"));
}

TEST_F(FootageDeleterTest, WaitsForAFileThatIsStillWritten) {
  Record(1, 0, "Gone");
  Record(1, 1, "Gone");
  auto open = open_paths_.Open(On(0, PathAt("Gone", 0)));

  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return !Exists(PathAt("Gone", 1)); }));
  EXPECT_TRUE(Exists(PathAt("Gone", 0)));
  open.reset();

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_FALSE(Exists(PathAt("Gone", 0)));
}

TEST_F(FootageDeleterTest, WaitsForADiskThatIsAway) {
  Record(1, 0, "Gone");
  const fs::path root = gate().root();
  const fs::path away = root.string() + ".away";
  fs::rename(root, away);
  fs::create_directories(root);  // an empty place to mount it
  EXPECT_FALSE(DeleteFiles(gate().volume(), {{1, PathAt("Gone", 0)}})) << "nothing counts as gone";

  ASSERT_TRUE(testing::PumpUntil([this] { return !gate().ok(); }));
  deleter_.Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return database_.depth() == 0; }));
  EXPECT_TRUE(IsDoomed());
  fs::remove_all(root);
  fs::rename(away, root);

  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
  EXPECT_FALSE(Exists(PathAt("Gone", 0)));
}

TEST_F(FootageDeleterTest, AFileThatCannotBeDeletedHoldsUpNoOther) {
  Record(1, 0, "Gone");
  Record(1, 1, "Gone");
  // No folder can be unlinked like a file.
  fs::remove(On(0, PathAt("Gone", 0)));
  fs::create_directory(On(0, PathAt("Gone", 0)));

  deleter_.Work();

  ASSERT_TRUE(testing::PumpUntil([this] { return RowsOf(1) == 1; }));
  EXPECT_FALSE(Exists(PathAt("Gone", 1)));
  EXPECT_TRUE(IsDoomed());
  fs::remove(On(0, PathAt("Gone", 0)));
  ASSERT_TRUE(testing::PumpUntil([this] { return !IsDoomed(); }));
}

}  // namespace
}  // namespace ronin::retention
