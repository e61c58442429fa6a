// SPDX-License-Identifier: MIT
#include "retention/planner.h"

#include <sqlite3.h>

#include "unit/retention/volumes_fixture.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

/// Recordings of an hour and 1 GiB, as the catalog says, on a volume whose space the test says.
class PlannerTest : public VolumesFixture {
 protected:
  static constexpr int64_t kGib = int64_t(1) << 30;
  static constexpr int64_t kTotal = 1000 * kGib;  // so that 20 GiB are to stay free
  PlannerTest() {
    yard_ = AddCamera("Yard");
    gate_ = AddCamera("Gate");
    situation_.now = kNow;
    situation_.volumes = {{id_of(), {uint64_t(kTotal / 2), uint64_t(kTotal), 0, 0}, 0, true}};
  }

  int64_t Add(int64_t camera, int hours_ago, StreamKind stream = StreamKind::kMain) {
    const Recording what{
        .start = kNow - hours_ago * 1h, .size_bytes = kGib, .camera_id = camera, .stream = stream};
    return AddRow(what, std::to_string(++paths_));
  }
  void SetLimits(const Limits& limits) {
    ASSERT_TRUE(OnDatabase([&] { return WriteLimits(*stores_.settings, limits, kNow); }));
  }
  void Free(int64_t bytes) { situation_.volumes[0].space.free_bytes = uint64_t(bytes); }

  std::vector<int64_t> Next(size_t limit = 100) {
    const auto plan = planner_.Next(situation_, limit);
    EXPECT_TRUE(plan) << plan.error().Text();
    std::vector<int64_t> out;
    for (const Deletion& one : plan->deletions) out.push_back(one.segment.id);
    return out;
  }
  Preview Foretell(const WhatIf& what_if = {}) {
    const auto preview = planner_.Foretell(situation_, what_if);
    EXPECT_TRUE(preview) << preview.error().Text();
    return preview.value_or(Preview());
  }
  /// Does that behind the back of the recorder.
  void Break(const std::string& database, const char* sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open((dir_ / database).c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(connection);
  }

  using Ids = std::vector<int64_t>;
  int paths_ = 0;
  int64_t yard_ = 0;
  int64_t gate_ = 0;
  Situation situation_;
  std::atomic<bool> cancelled_{false};
  const Planner planner_{{stores_, *catalog_, database_, cancelled_}};
};

TEST_F(PlannerTest, NothingGoesWhileThereIsRoomAndNoLimit) {
  Add(yard_, 1000);

  EXPECT_TRUE(Next().empty());
  EXPECT_EQ(planner_.Count(situation_).value(), Amount());
}

TEST_F(PlannerTest, ReadsTheLimitsOfAllAndOfEachCamera) {
  const int64_t own = Add(yard_, 30);
  const int64_t removed = Add(gate_ + 1, 60);
  Add(gate_, 30);
  SetLimits({.days = 2});
  OnDatabase([&] {
    CameraRecord camera = stores_.cameras->Get(yard_).value();
    camera.retention_days = 1;
    return stores_.cameras->Update(camera, kNow).has_value();
  });

  EXPECT_EQ(Next(), (Ids{removed, own}));
  EXPECT_EQ(Next(1), Ids{removed});
  EXPECT_EQ(planner_.Count(situation_).value(), (Amount{2, 2 * kGib}));
}

TEST_F(PlannerTest, AVolumeThatIsLowGetsAsMuchAsIsMissing) {
  for (int i = 1; i <= 30; ++i) Add(yard_, i);

  Free(20 * kGib + (int64_t(100) << 20));
  EXPECT_TRUE(Next().empty()) << "not low yet";
  Free(18 * kGib);
  EXPECT_EQ(Next().size(), 3U) << "two, and something ahead of need";
  situation_.volumes[0].make_room = false;
  EXPECT_TRUE(Next().empty()) << "where deleting makes none";
  situation_.volumes.clear();
  EXPECT_TRUE(Next().empty()) << "what is away loses nothing";
}

TEST_F(PlannerTest, AVolumeOnWhichNoMoreFilesCanBeMadeLosesSome) {
  for (int i = 1; i <= 30; ++i) Add(yard_, i);
  situation_.volumes[0].space.total_files = 200;
  situation_.volumes[0].space.free_files = 5;

  EXPECT_EQ(Next().size(), 15U);
  situation_.volumes[0].make_room = false;
  EXPECT_TRUE(Next().empty());
}

TEST_F(PlannerTest, APreviewOfOtherLimitsLeavesThoseThatAreStoredAlone) {
  for (int i = 1; i <= 48; ++i) Add(yard_, i);
  Add(gate_, 2);
  SetLimits({.days = 30});
  CameraRecord own = OnDatabase([&] { return stores_.cameras->Get(yard_).value(); });
  own.retention_days = 1;

  const Preview preview = Foretell({.limits = Limits{.days = 2}, .cameras = {{yard_, own}}});

  EXPECT_EQ(preview.gone.files, 24);
  ASSERT_EQ(preview.cameras.size(), 2U);
  EXPECT_EQ(preview.cameras[0].gone, preview.gone);
  EXPECT_EQ(preview.cameras[0].oldest, kNow - 48h);
  EXPECT_EQ(preview.cameras[0].newest, kNow - 24h);
  EXPECT_NEAR(preview.cameras[0].keeps_days.value_or(0), 1, 0.01);
  EXPECT_NEAR(double(preview.cameras[0].bitrate_bps), double(24 * kGib * 8) / 86400, 1e4);
  EXPECT_EQ(preview.cameras[1].gone, Amount());
  EXPECT_NEAR(preview.cameras[1].keeps_days.value_or(0), 2, 0.01);
  EXPECT_TRUE(Next().empty());
}

TEST_F(PlannerTest, SaysWhenTheDiskIsFull) {
  for (int i = 1; i <= 24; ++i) Add(yard_, i);
  Add(gate_, 100);  // which is not recorded any more

  const Preview preview = Foretell();

  ASSERT_TRUE(preview.full_at);
  EXPECT_EQ(preview.volumes_full_at.at(id_of()), preview.full_at);
  const double days = double((*preview.full_at - kNow) / 1s) / 86400;
  EXPECT_NEAR(days, 480.0 / 24, 0.1);
  EXPECT_NEAR(*preview.cameras[0].keeps_days, 504.0 / 24, 0.1) << "what is there is room, too";
  situation_.volumes[0].space.total_bytes = uint64_t(1) << 60;
  Free(int64_t(1) << 59);
  EXPECT_FALSE(Foretell().full_at) << "that is as good as never";
}

TEST_F(PlannerTest, OfACameraThatRecordsItsSubStreamOnlyItSaysThatOne) {
  Add(gate_, 2, StreamKind::kSub);

  const Preview preview = Foretell({.limits = Limits{.sub_days = 3}, .cameras = {}});

  EXPECT_FALSE(preview.cameras[0].keeps_days);
  EXPECT_NEAR(preview.cameras[1].keeps_days.value_or(0), 3, 0.01);
}

TEST_F(PlannerTest, WarnsOfWhatPeopleWouldNotExpect) {
  Add(yard_, 2);
  const auto warnings = [this](const Limits& limits) {
    return Foretell({.limits = limits, .cameras = {}}).warnings;
  };
  const auto one = [&](const Limits& limits) {
    const auto all = warnings(limits);
    return all.size() == 1 ? all[0] : "";
  };

  EXPECT_TRUE(warnings({}).empty());
  EXPECT_TRUE(one({.min_days = 100}).starts_with("The days that cameras keep at least need"));
  EXPECT_TRUE(warnings({.bytes = 1, .min_days = 1}).back().starts_with("More is kept"));
  Free(kGib);
  EXPECT_TRUE(one({}).starts_with("A volume has less")) << "and all may go";
  EXPECT_TRUE(warnings({.min_days = 1}).front().starts_with("The disk is so full"));
  Free(kTotal / 2);
  situation_.clock_is_trusted = false;
  EXPECT_TRUE(one({}).starts_with("The clock has jumped"));
}

TEST_F(PlannerTest, EndsEarlyWhenTheRecorderDoes) {
  Add(yard_, 30);
  SetLimits({.days = 1});
  cancelled_ = true;

  EXPECT_EQ(planner_.Next(situation_, 10).error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(planner_.Count(situation_).error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(planner_.Foretell(situation_, {}).error().kind, ErrorKind::kUnavailable);
  database_.Stop();
  EXPECT_EQ(planner_.Next(situation_, 10).error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(planner_.Count(situation_).error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(planner_.Foretell(situation_, {}).error().kind, ErrorKind::kUnavailable);
}

TEST_F(PlannerTest, FailsWhenADatabaseDoes) {
  Add(yard_, 30);
  SetLimits({.days = 1});
  const auto fails = [this] {
    return !planner_.Next(situation_, 10) && !planner_.Count(situation_) &&
           !planner_.Foretell(situation_, {});
  };
  ASSERT_FALSE(fails());
  std::vector<VolumeNow> volumes;

  Break("catalog.db", "DROP INDEX segment_by_lane");
  EXPECT_TRUE(fails()) << "what there is cannot be read";
  situation_.volumes.swap(volumes);  // nothing can be deleted, so nothing is read
  EXPECT_TRUE(planner_.Next(situation_, 10));
  EXPECT_FALSE(planner_.Foretell(situation_, {})) << "nor how fast it grows";
  Break("catalog.db", "DROP TABLE segment_total");
  EXPECT_TRUE(fails()) << "nor how much there is";
  Break("config.db", "DROP TABLE camera");
  EXPECT_TRUE(fails());
  EXPECT_FALSE(planner_.Foretell(situation_, {.limits = Limits(), .cameras = {}}));
  Break("config.db", "DROP TABLE setting");
  EXPECT_TRUE(fails());
}

}  // namespace
}  // namespace ronin::retention
