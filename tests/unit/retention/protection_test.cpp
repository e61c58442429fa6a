// SPDX-License-Identifier: MIT
#include "retention/protection.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "config/setting_store.h"
#include "support/temp_dir.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kFirstKept{Micros(1'795'000'000'000'000)};

class ProtectionTest : public ::testing::Test {
 protected:
  /// One of 100 bytes.
  int64_t Record(int minute, const std::string& folder = "Yard") {
    Segment segment;
    segment.camera_id = 1;
    segment.volume_id = volume_;
    segment.rel_path = Concat(folder, "/", minute, ".mp4");
    segment.start = kFirstKept + minute * 1min;
    segment.end = segment.start + 1min;
    segment.size_bytes = 100;
    segment.state = SegmentState::kComplete;
    return catalog_->Adopt(segment).value();
  }
  Result<Segment> Set(int64_t id, bool is_protected) {
    return SetProtection(store(), *catalog_, id, is_protected);
  }
  ProtectionStore& store() { return *stores_.protection; }
  bool IsProtected(int64_t id) { return catalog_->Get(id)->is_protected; }
  static RecordingKey KeyAt(int minute) { return {StreamId(1), kFirstKept + minute * 1min}; }

  testing::TempDir dir_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  const int64_t volume_ = catalog_->EnsureVolume("/disk").value();
};

TEST_F(ProtectionTest, IsSaidInBothDatabasesUntilItIsTakenBack) {
  const int64_t one = Record(0);
  Record(1);

  EXPECT_TRUE(Set(one, true)->is_protected);
  EXPECT_TRUE(Set(one, true)->is_protected) << "twice is harmless";

  EXPECT_TRUE(IsProtected(one));
  EXPECT_EQ(store().All().value(), std::vector{KeyAt(0)});
  EXPECT_EQ(ProtectedOf(*catalog_, 1)->files, 1);
  EXPECT_EQ(ProtectedOf(*catalog_, 1)->size_bytes, 100);
  EXPECT_EQ(ProtectedOf(*catalog_, 2)->files, 0);

  EXPECT_FALSE(Set(one, false)->is_protected);
  EXPECT_FALSE(IsProtected(one));
  EXPECT_TRUE(store().All()->empty());
  EXPECT_EQ(ProtectedOf(*catalog_, 1)->files, 0);
}

TEST_F(ProtectionTest, IsRefusedForWhatIsBeingDeletedOrGone) {
  const int64_t doomed = Record(0);
  const int64_t missing = Record(1);
  ASSERT_TRUE(catalog_->Doom({doomed}));
  ASSERT_TRUE(catalog_->SetState(missing, SegmentState::kMissing));

  EXPECT_EQ(Set(doomed, true).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Set(missing, true).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Set(999, true).error().kind, ErrorKind::kNotFound);

  EXPECT_TRUE(store().All()->empty()) << "what was refused is not said anywhere";
}

TEST_F(ProtectionTest, StaysWithACopyThatIsStillProtected) {
  const int64_t one = Record(0);
  const int64_t copy = Record(0, "Copies");
  ASSERT_TRUE(Set(one, true));
  ASSERT_TRUE(Set(copy, true));

  ASSERT_TRUE(Set(one, false));
  EXPECT_EQ(store().All().value(), std::vector{KeyAt(0)});
  ASSERT_TRUE(Set(copy, false));
  EXPECT_TRUE(store().All()->empty());
}

TEST_F(ProtectionTest, IsTheSameInBothAfterACrashOrALoss) {
  const int64_t cut_off = Record(0);
  const int64_t old = Record(1);
  const int64_t other = Record(2);
  ASSERT_TRUE(store().Add({KeyAt(0), KeyAt(50)})) << "the last one has no row, its disk is new";
  ASSERT_TRUE(catalog_->SetProtected(old, true));

  ASSERT_TRUE(ReconcileProtection(store(), *catalog_));
  ASSERT_TRUE(ReconcileProtection(store(), *catalog_)) << "twice is harmless";

  EXPECT_TRUE(IsProtected(cut_off));
  EXPECT_TRUE(IsProtected(old));
  EXPECT_FALSE(IsProtected(other));
  EXPECT_EQ(store().All().value(), (std::vector{KeyAt(0), KeyAt(1), KeyAt(50)}));
}

}  // namespace
}  // namespace ronin::retention
