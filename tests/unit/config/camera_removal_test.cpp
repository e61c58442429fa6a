// SPDX-License-Identifier: MIT
// Groups and tags, saving many at once, and removing a camera so that it can be undone.
#include <gtest/gtest.h>

#include "config/camera_store.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

constexpr WallTime kRemovedAt{Micros(1'795'000'000'000'000)};

CameraRecord NamedCamera(const std::string& name) {
  CameraRecord out;
  out.name = name;
  out.url = "rtsp://192.0.2.10/1";
  return out;
}

class CameraRemovalTest : public ::testing::Test {
 protected:
  void Reopen() {
    store_ = nullptr;
    store_ = OpenCameraStore(dir_ / "config.db").value();
  }
  size_t Count() { return store_->List()->size(); }

  testing::TempDir dir_;
  std::unique_ptr<CameraStore> store_ = OpenCameraStore(dir_ / "config.db").value();
};

TEST_F(CameraRemovalTest, GroupsAndTagsAreKept) {
  CameraRecord camera = NamedCamera("Yard");
  camera.group = "Warehouse";
  camera.tags = {"outside", "a \"b\", c", "夜"};
  const int64_t id = store_->Insert(camera, kRemovedAt)->id;
  Reopen();

  EXPECT_EQ(store_->Get(id)->group, "Warehouse");
  EXPECT_EQ(store_->Get(id)->tags, camera.tags);

  CameraRecord without = store_->Get(id).value();
  without.group.reset();
  without.tags.clear();
  ASSERT_TRUE(store_->Update(without, kRemovedAt));
  EXPECT_FALSE(store_->Get(id)->group);
  EXPECT_TRUE(store_->Get(id)->tags.empty());
}

TEST_F(CameraRemovalTest, AHiddenCameraIsNotThereButItsNameIsTaken) {
  const CameraRecord camera = store_->Insert(NamedCamera("Yard"), kRemovedAt).value();

  ASSERT_TRUE(store_->Hide(camera.id, false, kRemovedAt));

  Reopen();
  EXPECT_EQ(Count(), 0U);
  EXPECT_EQ(store_->Get(camera.id).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(store_->Update(camera, kRemovedAt).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(store_->Hide(camera.id, false, kRemovedAt).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(store_->Hidden(), std::vector<int64_t>{camera.id});
  const auto again = store_->Insert(NamedCamera("YARD"), kRemovedAt);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
  EXPECT_NE(again.error().message.find("restore it"), std::string::npos);
}

TEST_F(CameraRemovalTest, RestoringBringsAllOfItBack) {
  CameraRecord camera = NamedCamera("Yard");
  camera.password = "hunter2";
  camera.tags = {"a"};
  camera = store_->Insert(camera, kRemovedAt).value();
  ASSERT_TRUE(store_->Hide(camera.id, true, kRemovedAt));

  const auto restored = store_->Restore(camera.id);

  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->folder, camera.folder);
  EXPECT_EQ(restored->uuid, camera.uuid);
  EXPECT_EQ(restored->password, "hunter2");
  EXPECT_EQ(Count(), 1U);
  EXPECT_TRUE(store_->Hidden()->empty());
  EXPECT_EQ(store_->Restore(camera.id).error().kind, ErrorKind::kNotFound);
  ASSERT_TRUE(store_->Remove(camera.id));
  EXPECT_TRUE(store_->Doomed()->empty()) << "the wish to delete its footage went with the removal";
}

TEST_F(CameraRemovalTest, FootageIsDoomedOnlyWhenThatWasAskedFor) {
  const int64_t kept = store_->Insert(NamedCamera("Kept"), kRemovedAt)->id;
  const int64_t gone = store_->Insert(NamedCamera("Gone"), kRemovedAt)->id;
  ASSERT_TRUE(store_->Hide(kept, false, kRemovedAt));
  ASSERT_TRUE(store_->Hide(gone, true, kRemovedAt));
  ASSERT_TRUE(store_->Remove(kept));
  ASSERT_TRUE(store_->Remove(gone));
  Reopen();

  EXPECT_EQ(store_->Doomed(), (std::vector<DoomedFootage>{{gone, "Gone"}}));
  EXPECT_EQ(store_->Remove(gone).error().kind, ErrorKind::kNotFound);
  ASSERT_TRUE(store_->EndDoom(gone));
  EXPECT_TRUE(store_->Doomed()->empty());
  EXPECT_EQ(store_->Insert(NamedCamera("Gone"), kRemovedAt)->folder, "Gone 2");
}

TEST_F(CameraRemovalTest, ManyAreSavedOrNone) {
  CameraRecord yard = store_->Insert(NamedCamera("Yard"), kRemovedAt).value();
  yard.url = "rtsp://192.0.2.20/1";

  const auto refused =
      store_->SaveAll({yard, NamedCamera("Gate"), NamedCamera("gate")}, kRemovedAt);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Count(), 1U);
  EXPECT_EQ(store_->Get(yard.id)->url, "rtsp://192.0.2.10/1");

  const auto saved = store_->SaveAll({yard, NamedCamera("Gate")}, kRemovedAt);
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->at(0).url, "rtsp://192.0.2.20/1");
  EXPECT_EQ(saved->at(1).name, "Gate");
  EXPECT_EQ(saved->at(1).folder, "Gate") << "a refused one has taken no folder";
  Reopen();
  EXPECT_EQ(Count(), 2U);
}

}  // namespace
}  // namespace ronin
