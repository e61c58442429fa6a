// SPDX-License-Identifier: MIT
#include "retention/recording_deleter.h"

#include <filesystem>
#include <optional>

#include "unit/retention/volumes_fixture.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// One volume with recordings of a minute each.
class RecordingDeleterTest : public VolumesFixture {
 protected:
  int64_t Record(int minute, SegmentState state = SegmentState::kComplete) {
    return VolumesFixture::Record({.start = kNow + minute * 1min, .length = 1min, .state = state});
  }
  bool Exists(int minute) const { return fs::exists(On(0, PathOf("Yard", kNow + minute * 1min))); }
  Status Delete(int64_t id) {
    std::optional<Status> answer;
    deleter_.Delete(id, [&](const Status& done) { answer = done; });
    EXPECT_TRUE(testing::PumpUntil([&] { return answer.has_value(); }));
    return answer.value_or(Fail(ErrorKind::kTimeout, "no answer"));
  }
  std::vector<GapRecord> Gaps() {
    return OnDatabase([&] { return stores_.ledger->Gaps(1, kNow, kNow + 24h).value(); });
  }

  RecordingDeleter deleter_{{.catalog = *catalog_,
                             .ledger = *stores_.ledger,
                             .database = database_,
                             .volumes = volumes_}};
};

TEST_F(RecordingDeleterTest, TakesTheFileAndTheLedgerSaysSo) {
  const int64_t one = Record(0);
  Record(1);

  EXPECT_TRUE(Delete(one));

  EXPECT_FALSE(Exists(0));
  EXPECT_TRUE(Exists(1));
  EXPECT_EQ(OnDatabase([&] { return catalog_->Get(one).error().kind; }), ErrorKind::kNotFound);
  const auto gaps = Gaps();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].start, kNow);
  EXPECT_EQ(gaps[0].end, kNow + 1min);
  EXPECT_EQ(gaps[0].cause, (GapCause{GapReason::kDeleted, "user"}));
  EXPECT_EQ(Delete(one).error().kind, ErrorKind::kNotFound);
}

TEST_F(RecordingDeleterTest, LeavesWhatIsProtectedOrOpen) {
  const int64_t kept = Record(0);
  const int64_t open = Record(1, SegmentState::kRecording);
  Protect(kept);

  EXPECT_EQ(Delete(kept).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Delete(open).error().kind, ErrorKind::kConflict);

  EXPECT_TRUE(Exists(0));
  EXPECT_TRUE(Exists(1));
  EXPECT_TRUE(Gaps().empty());
}

TEST_F(RecordingDeleterTest, AFileThatCannotBeDeletedKeepsItsRowAndSaysWhy) {
  const int64_t one = Record(0);
  const std::string path = On(0, PathOf("Yard", kNow));
  // No folder can be unlinked like a file.
  fs::remove(path);
  fs::create_directory(path);

  const Status done = Delete(one);

  EXPECT_EQ(done.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(done.error().message.find(path), std::string::npos);
  EXPECT_TRUE(OnDatabase([&] { return catalog_->Doomed(0, 1)->empty(); }));
  EXPECT_TRUE(Gaps().empty());
  fs::remove(path);
  EXPECT_TRUE(Delete(one));
}

TEST_F(RecordingDeleterTest, WithItsDiskAwayAllIsAsItWas) {
  const int64_t one = Record(0);
  const fs::path root = gate().root();
  const fs::path away = root.string() + ".away";
  fs::rename(root, away);
  fs::create_directories(root);  // an empty place to mount it

  EXPECT_FALSE(Delete(one)) << "whether or not it is known yet that the disk is away";

  fs::remove_all(root);
  fs::rename(away, root);
  EXPECT_TRUE(Exists(0));
  EXPECT_TRUE(OnDatabase([&] { return catalog_->Doomed(0, 1)->empty(); }));
  EXPECT_TRUE(OnDatabase([&] { return catalog_->SetProtected(one, true).has_value(); }));
}

}  // namespace
}  // namespace ronin::retention
