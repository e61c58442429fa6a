// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

WallTime Sec(int64_t seconds) { return FromMicros((1'795'000'000 + seconds) * 1'000'000); }

class LanesTest : public ::testing::Test {
 protected:
  int64_t Add(Lane lane, int64_t from, SegmentState state = SegmentState::kComplete) {
    Segment segment;
    segment.camera_id = lane.camera_id;
    segment.stream = lane.stream;
    segment.volume_id = lane.volume_id;
    segment.rel_path = "a/" + std::to_string(++paths_);
    segment.start = Sec(from);
    if (state != SegmentState::kRecording) {
      segment.end = Sec(from + 10);
      segment.size_bytes = 100;
    }
    segment.state = state;
    return catalog_->Adopt(segment).value();
  }
  std::vector<int64_t> Old(const Lane& lane, const LanePlace& place = {}, int limit = 100) {
    std::vector<int64_t> out;
    const auto found = catalog_->Oldest(lane, place, limit);
    EXPECT_TRUE(found) << found.error().Text();
    for (const OldSegment& one : found.value_or(std::vector<OldSegment>())) out.push_back(one.id);
    return out;
  }

  using Ids = std::vector<int64_t>;
  int paths_ = 0;
  testing::TempDir dir_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  const int64_t a_ = catalog_->EnsureVolume("/srv/a").value();
  const int64_t b_ = catalog_->EnsureVolume("/srv/b").value();
  const Lane main_{a_, 1, StreamKind::kMain};
  const Lane sub_{a_, 1, StreamKind::kSub};
  const Lane other_{b_, 1, StreamKind::kMain};
};

TEST_F(LanesTest, SumsUpEachStreamOfEachVolumeWithoutWhatIsMissing) {
  const int64_t first = Add(main_, 0);
  Add(main_, 10);
  Add(main_, 20, SegmentState::kRecording);
  Add(sub_, 0);
  Add(other_, 0, SegmentState::kMissing);
  const auto totals = [this] { return catalog_->LaneTotals().value(); };
  EXPECT_EQ(totals(), (std::vector<LaneTotal>{{main_, 3, 200}, {sub_, 1, 100}}));

  ASSERT_TRUE(catalog_->SetState(first, SegmentState::kMissing));
  EXPECT_EQ(totals(), (std::vector<LaneTotal>{{main_, 2, 100}, {sub_, 1, 100}}));
  ASSERT_TRUE(catalog_->SetState(first, SegmentState::kRecovered));
  ASSERT_TRUE(catalog_->ForgetAll({first}));
  EXPECT_EQ(totals(), (std::vector<LaneTotal>{{main_, 2, 100}, {sub_, 1, 100}}));
}

TEST_F(LanesTest, SumsUpWhatIsProtectedWhateverBecomesOfIt) {
  const auto totals = [this] { return catalog_->ProtectedTotals().value(); };
  const int64_t first = Add(main_, 0);
  const int64_t second = Add(main_, 10, SegmentState::kRecording);
  const int64_t sub = Add(sub_, 0);
  EXPECT_TRUE(totals().empty());
  for (const int64_t id : {first, second, sub}) ASSERT_TRUE(catalog_->SetProtected(id, true));
  ASSERT_TRUE(catalog_->SetProtected(first, true)) << "twice counts once";
  EXPECT_EQ(totals(), (std::vector<LaneTotal>{{main_, 2, 100}, {sub_, 1, 100}}))
      << "one is still being written";

  ASSERT_TRUE(catalog_->SetProtected(sub, false));
  ASSERT_TRUE(catalog_->SetState(first, SegmentState::kMissing));
  EXPECT_EQ(totals(), (std::vector<LaneTotal>{{main_, 1, 0}}));
  ASSERT_TRUE(catalog_->SetState(first, SegmentState::kRecovered));
  EXPECT_EQ(totals(), (std::vector<LaneTotal>{{main_, 2, 100}}));

  ASSERT_TRUE(catalog_->FinishSegment(second, Sec(20), 70, {}, SegmentState::kRecovered));
  EXPECT_EQ(totals(), (std::vector<LaneTotal>{{main_, 2, 170}}));
  ASSERT_TRUE(catalog_->ForgetAll({first, second}));
  EXPECT_TRUE(totals().empty());
}

TEST_F(LanesTest, GivesTheOldestThatMayGoPageByPage) {
  const int64_t second = Add(main_, 10);
  const int64_t first = Add(main_, 0);
  const int64_t same = Add(main_, 10);
  const int64_t kept = Add(main_, 15);
  ASSERT_TRUE(catalog_->SetProtected(kept, true));
  Add(main_, 20, SegmentState::kRecording);
  const int64_t gone = Add(main_, 25, SegmentState::kMissing);
  Add(sub_, 1);
  Add(other_, 2);

  EXPECT_EQ(Old(main_), (Ids{first, second, same, gone}));
  EXPECT_EQ(Old(main_, {}, 2), (Ids{first, second}));
  EXPECT_EQ(Old(main_, {.from = Sec(10), .after_id = second}, 2), (Ids{same, gone}));
  EXPECT_EQ(Old(main_, {.from = Sec(5), .to = Sec(25)}), (Ids{second, same}));
  EXPECT_EQ(catalog_->Oldest(main_, {.from = Sec(20)}, 1)->front().size_bytes, 0)
      << "a file that is missing takes no space";
}

TEST_F(LanesTest, TellsWhatWasRecordedInSomeTime) {
  Add(main_, 0);
  Add(main_, 10);
  Add(main_, 20);
  Add(main_, 22, SegmentState::kMissing);

  const auto recorded = catalog_->RecordedIn(main_, Sec(5), Sec(25)).value();

  EXPECT_EQ(recorded.files, 2);
  EXPECT_EQ(recorded.size_bytes, 200);
  EXPECT_EQ(recorded.first, Sec(10));
  EXPECT_FALSE(catalog_->RecordedIn(sub_, Sec(5), Sec(25))->first);
  EXPECT_EQ(catalog_->NewestStart().value(), Sec(22));
}

TEST_F(LanesTest, MarksWhatIsToGoUnlessItIsOpenOrProtected) {
  const int64_t one = Add(main_, 0);
  const int64_t kept = Add(main_, 10);
  const int64_t open = Add(main_, 20, SegmentState::kRecording);
  ASSERT_TRUE(catalog_->SetProtected(kept, true));

  const auto marked = catalog_->Doom({one, kept, open, 999}).value();

  ASSERT_EQ(marked.size(), 1U);
  EXPECT_EQ(marked[0].id, one);
  ASSERT_TRUE(catalog_->Doom({one})) << "twice is harmless";
  EXPECT_EQ(catalog_->Doomed(0, 10)->size(), 1U);
  EXPECT_TRUE(catalog_->Doomed(one, 10)->empty());
  EXPECT_EQ(catalog_->SetProtected(one, true).error().kind, ErrorKind::kConflict)
      << "it is too late to protect it";
  EXPECT_EQ(catalog_->SetProtected(999, true).error().kind, ErrorKind::kNotFound);

  ASSERT_TRUE(catalog_->Spare({one}));
  EXPECT_TRUE(catalog_->Doomed(0, 10)->empty());
  EXPECT_TRUE(catalog_->SetProtected(one, true));
}

TEST_F(LanesTest, AMarkOutlivesTheProgramAndGoesWithItsRow) {
  const int64_t one = Add(main_, 0);
  ASSERT_TRUE(catalog_->Doom({one}));

  catalog_.reset();
  catalog_ = OpenCatalog(dir_ / "catalog.db").value();

  EXPECT_EQ(catalog_->Doomed(0, 10)->front().id, one);
  ASSERT_TRUE(catalog_->ForgetAll({one}));
  EXPECT_TRUE(catalog_->Doomed(0, 10)->empty());
}

}  // namespace
}  // namespace ronin
