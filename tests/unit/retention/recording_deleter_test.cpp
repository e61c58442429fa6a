// SPDX-License-Identifier: MIT
#include "retention/recording_deleter.h"

#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

#include <gtest/gtest.h>

#include "config/setting_store.h"
#include "storage/segment_path.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// One volume with recordings of a minute each.
class RecordingDeleterTest : public ::testing::Test {
 protected:
  template <typename Job>
  auto OnDatabase(Job job) {
    std::promise<decltype(job())> promise;
    auto future = promise.get_future();
    database_.Post([&] { promise.set_value(job()); });
    return future.get();
  }

  RecordingDeleterTest() {
    testing::PumpUntil([this] { return volumes_.all().front()->ok(); });
    const std::string uuid = volumes_.all().front()->uuid();
    volume_id_ = OnDatabase([&] { return catalog_->EnsureVolume(root_, uuid).value(); });
    volumes_.SetCatalogId(uuid, volume_id_);
  }
  ~RecordingDeleterTest() override {
    volumes_.StopWorkers();
    database_.Stop();
  }

  static std::string PathOf(int minute) {
    return SegmentPath{.folder = "Yard", .start = kBegin + minute * 1min}.ToString();
  }
  int64_t Record(int minute, SegmentState state = SegmentState::kComplete) {
    const fs::path path = root_ + "/" + PathOf(minute);
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "media";
    Segment segment;
    segment.camera_id = 1;
    segment.volume_id = volume_id_;
    segment.rel_path = PathOf(minute);
    segment.start = kBegin + minute * 1min;
    if (state != SegmentState::kRecording) segment.end = segment.start + 1min;
    segment.state = state;
    return OnDatabase([&] { return catalog_->Adopt(segment).value(); });
  }
  bool Exists(int minute) const { return fs::exists(root_ + "/" + PathOf(minute)); }
  Status Delete(int64_t id) {
    std::optional<Status> answer;
    deleter_.Delete(id, [&](const Status& done) { answer = done; });
    EXPECT_TRUE(testing::PumpUntil([&] { return answer.has_value(); }));
    return answer.value_or(Fail(ErrorKind::kTimeout, "no answer"));
  }
  std::vector<GapRecord> Gaps() {
    return OnDatabase([&] { return stores_.ledger->Gaps(1, kBegin, kBegin + 24h).value(); });
  }

  static constexpr WallTime kBegin{Micros(1'795'000'000'000'000)};
  testing::TempDir dir_;
  testing::TempDir disk_;
  const std::string root_ = disk_.path();
  testing::FakeClock clock_;
  Worker database_{"catalog"};
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
  EXPECT_EQ(gaps[0].start, kBegin);
  EXPECT_EQ(gaps[0].end, kBegin + 1min);
  EXPECT_EQ(gaps[0].cause, (GapCause{GapReason::kDeleted, "user"}));
  EXPECT_EQ(Delete(one).error().kind, ErrorKind::kNotFound);
}

TEST_F(RecordingDeleterTest, LeavesWhatIsProtectedOrOpen) {
  const int64_t kept = Record(0);
  const int64_t open = Record(1, SegmentState::kRecording);
  ASSERT_TRUE(OnDatabase([&] { return catalog_->SetProtected(kept, true); }));

  EXPECT_EQ(Delete(kept).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Delete(open).error().kind, ErrorKind::kConflict);

  EXPECT_TRUE(Exists(0));
  EXPECT_TRUE(Exists(1));
  EXPECT_TRUE(Gaps().empty());
}

TEST_F(RecordingDeleterTest, WithItsDiskAwayAllIsAsItWas) {
  const int64_t one = Record(0);
  const fs::path away = root_ + ".away";
  fs::rename(root_, away);
  fs::create_directories(root_);  // an empty place to mount it

  EXPECT_FALSE(Delete(one)) << "whether or not it is known yet that the disk is away";

  fs::remove_all(root_);
  fs::rename(away, root_);
  EXPECT_TRUE(Exists(0));
  EXPECT_TRUE(OnDatabase([&] { return catalog_->Doomed(0, 1)->empty(); }));
  EXPECT_TRUE(OnDatabase([&] { return catalog_->SetProtected(one, true).has_value(); }));
}

}  // namespace
}  // namespace ronin::retention
