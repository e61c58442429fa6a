// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kStart{Micros(1'795'000'000'000'000)};

class MovesTest : public ::testing::Test {
 protected:
  int64_t Record(int minute, const std::string& path, SegmentState state = SegmentState::kComplete,
                 int64_t volume = 0) {
    Segment segment;
    segment.camera_id = 1;
    segment.volume_id = volume != 0 ? volume : disk_;
    segment.rel_path = path;
    segment.start = kStart + minute * 1min;
    if (state != SegmentState::kRecording) segment.end = segment.start + 1min;
    segment.size_bytes = state == SegmentState::kRecording ? 0 : 5;
    segment.state = state;
    return catalog_->Adopt(segment).value();
  }
  FileMove MoveOf(int64_t id, const std::string& path) const {
    return {.segment_id = id,
            .from_volume_id = disk_,
            .from_path = path,
            .to_volume_id = archive_,
            .to_path = path};
  }

  testing::TempDir dir_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  const int64_t disk_ = catalog_->EnsureVolume("/disk").value();
  const int64_t archive_ = catalog_->EnsureVolume("/archive").value();
};

TEST_F(MovesTest, OnlyClosedFilesThatAreOldEnoughAreMovableTheOldestFirst) {
  const int64_t second = Record(2, "b", SegmentState::kRecovered);
  const int64_t first = Record(1, "a");
  Record(0, "open", SegmentState::kRecording);
  Record(0, "missing", SegmentState::kMissing);
  Record(9, "young");
  Record(0, "elsewhere", SegmentState::kComplete, archive_);

  const auto movable = catalog_->Movable(disk_, kStart + 9min, 10).value();

  ASSERT_EQ(movable.size(), 2U);
  EXPECT_EQ(movable[0].id, first);
  EXPECT_EQ(movable[1].id, second);
  EXPECT_EQ(catalog_->CountMovable(disk_, kStart + 9min).value(), 2);
  EXPECT_EQ(catalog_->Movable(disk_, kStart + 9min, 1).value().size(), 1U);
}

TEST_F(MovesTest, TheRowIsAtTheNewPlaceOnceTheMoveIsCommittedAndSoAreTheSums) {
  const int64_t id = Record(0, "a");
  ASSERT_TRUE(catalog_->SetProtected(id, true));
  ASSERT_TRUE(catalog_->BeginMove(MoveOf(id, "a")));
  EXPECT_TRUE(catalog_->IsMoving(disk_, "a").value());
  EXPECT_TRUE(catalog_->IsMoving(archive_, "a").value());
  EXPECT_FALSE(catalog_->IsMoving(archive_, "b").value());
  EXPECT_EQ(catalog_->Get(id)->volume_id, disk_);
  EXPECT_TRUE(catalog_->Movable(disk_, kStart + 1h, 10).value().empty());

  ASSERT_TRUE(catalog_->CommitMove(id));

  EXPECT_EQ(catalog_->Get(id)->volume_id, archive_);
  EXPECT_TRUE(catalog_->Get(id)->is_protected);
  EXPECT_EQ(catalog_->Moves().value(), std::vector{MoveOf(id, "a")}) << "the old file is there";
  int64_t on_archive = 0;
  const auto totals = catalog_->Totals().value();
  for (const SegmentTotal& total : totals) {
    if (total.volume_id == archive_) on_archive += total.size_bytes;
  }
  EXPECT_EQ(on_archive, 5);
  ASSERT_TRUE(catalog_->EndMove(id));
  EXPECT_TRUE(catalog_->Moves().value().empty());
  EXPECT_FALSE(catalog_->IsMoving(disk_, "a").value());
}

TEST_F(MovesTest, APlaceThatIsTakenCannotBeTaken) {
  const int64_t id = Record(0, "a");
  const int64_t other = Record(1, "b");
  Record(5, "a", SegmentState::kComplete, archive_);
  EXPECT_EQ(catalog_->BeginMove(MoveOf(id, "a")).error().kind, ErrorKind::kConflict);

  FileMove renamed = MoveOf(id, "a");
  renamed.to_path = "a-2";
  ASSERT_TRUE(catalog_->BeginMove(renamed));
  FileMove same = MoveOf(other, "b");
  same.to_path = "a-2";
  EXPECT_EQ(catalog_->BeginMove(same).error().kind, ErrorKind::kConflict)
      << "another is moved there";

  renamed.to_path = "a-3";
  ASSERT_TRUE(catalog_->BeginMove(renamed)) << "another place for the same file";
  EXPECT_EQ(catalog_->Moves().value(), std::vector{renamed});
}

TEST_F(MovesTest, ARowThatHasChangedMeanwhileIsNotMoved) {
  const int64_t gone = Record(0, "a");
  const int64_t missing = Record(1, "b");
  ASSERT_TRUE(catalog_->BeginMove(MoveOf(gone, "a")));
  ASSERT_TRUE(catalog_->BeginMove(MoveOf(missing, "b")));
  ASSERT_TRUE(catalog_->Forget(gone));
  ASSERT_TRUE(catalog_->SetState(missing, SegmentState::kMissing));

  EXPECT_EQ(catalog_->CommitMove(gone).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(catalog_->CommitMove(missing).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(catalog_->CommitMove(99).error().kind, ErrorKind::kConflict) << "no move was begun";

  EXPECT_EQ(catalog_->Get(missing)->volume_id, disk_);
  EXPECT_EQ(catalog_->Moves()->size(), 2U);
}

}  // namespace
}  // namespace ronin
