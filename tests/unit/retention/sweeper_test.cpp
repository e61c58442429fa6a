// SPDX-License-Identifier: MIT
#include "retention/sweeper.h"

#include <filesystem>
#include <future>

#include "storage/served_files.h"
#include "unit/retention/volumes_fixture.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// One camera, and days of its footage.
class SweeperTest : public VolumesFixture {
 protected:
  SweeperTest() { camera_ = AddCamera("Yard"); }

  static WallTime Ago(int hours) { return kNow - hours * 1h; }
  std::string PathAt(int hours_ago) const { return On(0, PathOf("Yard", Ago(hours_ago))); }
  int64_t Record(int hours_ago, int64_t size_bytes = 5) {
    return VolumesFixture::Record(
        {.start = Ago(hours_ago), .size_bytes = size_bytes, .camera_id = camera_});
  }
  bool Exists(int hours_ago) const { return fs::exists(PathAt(hours_ago)); }
  void SetLimits(const Limits& limits) {
    ASSERT_TRUE(OnDatabase([&] { return WriteLimits(*stores_.settings, limits, kNow); }));
  }

  void Make() {
    sweeper_ = std::make_unique<Sweeper>(
        Sweeper::Context{.clock = clock_,
                         .config = stores_,
                         .catalog = *catalog_,
                         .database = database_,
                         .volumes = volumes_,
                         .open_paths = open_paths_,
                         .served = served_,
                         .seen = seen_,
                         .clock_is_synchronised = [](WallTime) { return false; },
                         .free_space =
                             [this](FreeSpace space) {
                               if (disk_is_full_) space.free_bytes = 0;
                               return space;
                             }},
        Sweeper::Hooks{.progress =
                           [this](const Sweeper::Progress& progress) {
                             told_.push_back(progress);
                             if (!progress.running) ++runs_;
                           },
                       .alarm =
                           [this](AlarmKind kind, int64_t volume_id, const std::string& sentence) {
                             if (sentence.empty()) {
                               alarms_.erase({kind, volume_id});
                             } else {
                               alarms_[{kind, volume_id}] = sentence;
                             }
                           }});
  }
  /// Starts it when there is none, and waits for the end of a run.
  void Run() {
    const int before = runs_;
    if (!sweeper_) {
      Make();
      sweeper_->Start();
    } else {
      sweeper_->Run();
    }
    ASSERT_TRUE(testing::PumpUntil([&] { return runs_ > before; }));
  }

  ServedFiles served_{clock_};
  int64_t camera_ = 0;
  std::optional<WallTime> seen_;
  bool disk_is_full_ = false;
  std::vector<Sweeper::Progress> told_;
  std::map<std::pair<AlarmKind, int64_t>, std::string> alarms_;
  int runs_ = 0;
  std::unique_ptr<Sweeper> sweeper_;
};

TEST_F(SweeperTest, DeletesWhatIsTooOldAndSaysSo) {
  SetLimits({.days = 1, .min_free = 0});
  for (int i = 0; i < 450; ++i) Record(30 + i);
  for (int i = 0; i < 5; ++i) Record(10 + i);

  Run();

  EXPECT_EQ(Rows(), 5U);
  EXPECT_TRUE(Exists(10));
  EXPECT_FALSE(Exists(30));
  EXPECT_FALSE(fs::exists(fs::path(PathAt(400)).parent_path())) << "empty days go";
  const auto span = OnDatabase([this] { return stores_.ledger->Deleted(camera_); }).value();
  ASSERT_TRUE(span);
  EXPECT_EQ(span->start, Ago(479));
  EXPECT_EQ(span->end, Ago(29));
  EXPECT_EQ(told_.back(), (Sweeper::Progress{false, {450, 2250}, 0}));
  EXPECT_GT(told_.size(), 10U) << "also while it runs";
  EXPECT_GT(told_[1].left_files, 400);
  EXPECT_EQ(sweeper_->last_run()->deleted, (Amount{450, 2250}));

  sweeper_.reset();
  Run();
  EXPECT_EQ(Rows(), 5U);
}

TEST_F(SweeperTest, WhatWasDoneLastIsKnownAfterARestart) {
  SetLimits({.days = 1, .min_free = 0});
  Record(30);
  Run();
  sweeper_.reset();
  Make();

  sweeper_->Start();

  ASSERT_TRUE(testing::PumpUntil([this] { return sweeper_->last_run().has_value(); }));
}

TEST_F(SweeperTest, WhatIsProtectedOpenOrServedStays) {
  SetLimits({.days = 1, .min_free = 0});
  const int64_t kept = Record(50);
  const auto open = open_paths_.Open(PathAt((Record(49), 49)));
  auto served = served_.Serve(PathAt((Record(48), 48)));
  Record(47);
  Protect(kept);

  Run();
  EXPECT_TRUE(Exists(50) && Exists(49) && Exists(48));
  EXPECT_FALSE(Exists(47));
  EXPECT_TRUE(OnDatabase([&] { return catalog_->Doomed(0, 10)->empty(); }))
      << "they could still be protected";

  served.reset();
  Run();
  EXPECT_TRUE(Exists(48)) << "a player may come back for more of it";
  clock_.Advance(2min);
  Run();
  EXPECT_FALSE(Exists(48));
  EXPECT_TRUE(Exists(50) && Exists(49));
}

TEST_F(SweeperTest, RunsFromTimeToTime) {
  SetLimits({.days = 1, .min_free = 0});
  Run();
  Record(30);

  sweeper_->SetInterval(20ms);

  EXPECT_TRUE(testing::PumpUntil([this] { return Rows() == 0; }));
}

TEST_F(SweeperTest, FinishesWhatACrashLeftMarked) {
  SetLimits({});
  const int64_t with_file = Record(50);
  const int64_t without = Record(49);
  Record(48);
  ASSERT_TRUE(OnDatabase([&] { return catalog_->Doom({with_file, without}); }));
  fs::remove(PathAt(49));

  Run();

  EXPECT_EQ(Rows(), 1U);
  EXPECT_FALSE(Exists(50));
  EXPECT_TRUE(Exists(48));
  EXPECT_TRUE(OnDatabase([this] { return stores_.ledger->Deleted(camera_); })->has_value());
}

TEST_F(SweeperTest, AfterAJumpOfTheClockNothingGoesByAgeUntilItIsConfirmed) {
  SetLimits({.days = 30, .min_free = 0});
  for (int i = 1; i < 10; ++i) Record(i);
  Run();
  EXPECT_EQ(Rows(), 9U);

  clock_.Step(24h * 400);
  ASSERT_TRUE(testing::PumpUntil([this] { return sweeper_->held().has_value(); }));
  Run();
  EXPECT_EQ(Rows(), 9U);
  EXPECT_TRUE(alarms_.contains({AlarmKind::kRetentionHeld, 0}));

  sweeper_->ConfirmClock();
  ASSERT_TRUE(testing::PumpUntil([this] { return Rows() == 0; }));
  EXPECT_FALSE(sweeper_->held());
  EXPECT_TRUE(alarms_.empty());
}

TEST_F(SweeperTest, ARunBetweenAJumpOfTheClockAndTheLookAtItDeletesNothing) {
  SetLimits({.days = 30, .min_free = 0});
  for (int i = 1; i < 10; ++i) Record(i);
  Run();

  clock_.Step(24h * 400);
  Run();

  EXPECT_EQ(Rows(), 9U);
  EXPECT_TRUE(testing::PumpUntil([this] { return sweeper_->held().has_value(); }));
}

TEST_F(SweeperTest, AClockThatJumpedWhileTheRecorderWasOffIsNotTrustedEither) {
  SetLimits({.days = 30, .min_free = 0});
  Record(1);
  clock_.Step(24h * 400);

  Run();

  EXPECT_TRUE(sweeper_->held()) << "the newest footage tells";
  EXPECT_EQ(Rows(), 1U);
  sweeper_.reset();
  seen_ = clock_.Now() - 10s;
  Run();
  EXPECT_TRUE(sweeper_->held()) << "over a restart, too";
  EXPECT_EQ(Rows(), 1U);
}

TEST_F(SweeperTest, AClockThatJumpsBackAndReturnsCostsNothing) {
  SetLimits({.days = 30, .min_free = 0});
  Record(1);
  Run();
  clock_.Step(-24h * 365 * 30);
  ASSERT_TRUE(testing::PumpUntil([this] { return sweeper_->held().has_value(); }));
  Record(24 * 365 * 30);

  clock_.Step(24h * 365 * 30);
  ASSERT_TRUE(testing::PumpUntil([this] { return !sweeper_->held(); }));

  Run();
  EXPECT_EQ(Rows(), 2U) << "what was recorded meanwhile is not thirty years old";
}

TEST_F(SweeperTest, MakesRoomAtOnceAndSaysWhenThereIsNotEnough) {
  SetLimits({});
  const int64_t kept = Record(3);
  Record(2);
  Protect(kept);
  Run();
  ASSERT_EQ(Rows(), 2U) << "this test needs a disk that is not full";

  disk_is_full_ = true;
  sweeper_->Run();

  ASSERT_TRUE(testing::PumpUntil([this] { return Rows() == 1; }));
  EXPECT_TRUE(Exists(3));
  EXPECT_TRUE(testing::PumpUntil([this] {
    return alarms_.contains({AlarmKind::kRetentionShort, id_of()});
  }));
  const int runs = runs_;
  sweeper_->VolumesChanged();
  EXPECT_EQ(runs_, runs) << "it rests when it can do nothing";
}

TEST_F(SweeperTest, ADiskThatFailsKeepsItsRowsAndEndsTheRun) {
  SetLimits({.days = 1, .min_free = 0});
  Record(30);
  // No folder can be unlinked like a file.
  fs::remove(PathAt(30));
  fs::create_directories(PathAt(30) + "/x");

  Run();

  EXPECT_EQ(Rows(), 1U);
  fs::remove_all(PathAt(30));
  Run();
  EXPECT_EQ(Rows(), 0U);
}

TEST_F(SweeperTest, AFileThatCannotBeDeletedHoldsUpNoOther) {
  SetLimits({.days = 1, .min_free = 0});
  for (int i = 30; i < 90; ++i) Record(i);
  // No folder can be unlinked like a file.
  for (const int hours : {85, 40}) {
    fs::remove(PathAt(hours));
    fs::create_directory(PathAt(hours));
  }

  Run();

  EXPECT_EQ(Rows(), 2U);
  EXPECT_TRUE(OnDatabase([&] { return catalog_->Doomed(0, 10)->empty(); }))
      << "they stay as they are";
  EXPECT_NE(alarms_.at({AlarmKind::kRetentionStuck, id_of()}).find(PathAt(85)), std::string::npos);
  EXPECT_EQ(told_.back().deleted.files, 58);

  for (const int hours : {85, 40}) fs::remove(PathAt(hours));
  Run();
  EXPECT_EQ(Rows(), 0U) << "people asked for it, so it is tried at once";
  EXPECT_TRUE(alarms_.empty());
}

/// As snapshots do it, or readers that hold what was deleted.
TEST_F(SweeperTest, WhereDeletingMakesNoRoomRecordingsStayAndPeopleAreTold) {
  // Rows that say that their files are larger than the disk.
  const auto total = int64_t(gate().space().total_bytes);
  for (int i = 1; i <= 9; ++i) Record(i, 8 * total);
  SetLimits({});
  Run();
  ASSERT_EQ(Rows(), 9U) << "this test needs a disk that is not full";
  const std::pair alarm(AlarmKind::kRetentionStuck, id_of());

  disk_is_full_ = true;
  sweeper_->Run();
  ASSERT_TRUE(testing::PumpUntil([&] { return alarms_.contains(alarm); }));
  EXPECT_EQ(Rows(), 8U);
  sweeper_->VolumesChanged();
  EXPECT_FALSE(sweeper_->progress().running) << "it waits";

  clock_.Advance(30s);
  ASSERT_TRUE(testing::PumpUntil([this] { return Rows() == 7; })) << "then it tries again";
  ASSERT_TRUE(testing::PumpUntil([this] { return !sweeper_->progress().running; }));
  EXPECT_TRUE(alarms_.contains(alarm));

  disk_is_full_ = false;
  sweeper_->Run();
  EXPECT_TRUE(testing::PumpUntil([&] { return !alarms_.contains(alarm); }));
  EXPECT_EQ(Rows(), 7U);
}

TEST_F(SweeperTest, APreviewSaysWhatARunThenDeletes) {
  SetLimits({.min_free = 0});
  for (int i = 1; i <= 60; ++i) Record(i);
  Run();
  ASSERT_EQ(Rows(), 60U);
  Limits limits{.days = 1, .min_free = 0};
  std::optional<Preview> preview;
  const auto ask = [&](const WhatIf& what_if) {
    preview.reset();
    ASSERT_TRUE(sweeper_->Foretell(what_if, [&](Result<Preview> got) { preview = got.value(); }));
    ASSERT_TRUE(testing::PumpUntil([&] { return preview.has_value(); }));
  };

  ask({.limits = limits, .cameras = {}});

  EXPECT_EQ(Rows(), 60U) << "nothing is deleted";
  EXPECT_EQ(preview->gone, (Amount{36, 180}));
  ASSERT_EQ(preview->cameras.size(), 1U);
  const CameraPreview& camera = preview->cameras[0];
  EXPECT_EQ(camera.gone, preview->gone);
  EXPECT_EQ(camera.oldest, Ago(60));
  EXPECT_EQ(camera.newest, Ago(24));
  EXPECT_NEAR(camera.keeps_days.value_or(0), 1, 0.01);
  EXPECT_TRUE(preview->warnings.empty());

  CameraRecord own = OnDatabase([this] { return stores_.cameras->Get(camera_).value(); });
  own.retention_bytes = 100;
  ask({.limits = limits, .cameras = {{camera_, own}}});
  EXPECT_EQ(preview->gone, (Amount{40, 200}));

  SetLimits(limits);
  Run();
  EXPECT_EQ(sweeper_->last_run()->deleted, (Amount{36, 180}));
}

TEST_F(SweeperTest, APreviewWarns) {
  SetLimits({});
  Record(2);
  Run();
  std::optional<Preview> preview;
  const auto ask = [&](const Limits& limits) {
    preview.reset();
    sweeper_->Foretell({.limits = limits, .cameras = {}},
                       [&](Result<Preview> got) { preview = got.value(); });
    testing::PumpUntil([&] { return preview.has_value(); });
    return preview->warnings;
  };
  EXPECT_TRUE(ask({}).empty());
  EXPECT_EQ(ask({.bytes = 1, .min_days = 1}).size(), 2U) << "over the limit, and it does not fit";
  disk_is_full_ = true;
  EXPECT_FALSE(ask({}).empty());
  EXPECT_FALSE(ask({.min_days = 1}).empty());
  disk_is_full_ = false;
  clock_.Step(-24h * 365);
  testing::PumpUntil([this] { return sweeper_->held().has_value(); });
  EXPECT_EQ(ask({}).size(), 1U);
}

TEST_F(SweeperTest, NotEverybodyCanAskForPreviewsAtOnce) {
  SetLimits({});
  Run();
  std::promise<void> go;
  database_.Post([future = go.get_future().share()] { future.wait(); });
  int asked = 0;
  while (asked < 20 && sweeper_->Foretell({}, [](const Result<Preview>&) {})) ++asked;
  go.set_value();

  EXPECT_GE(asked, 1);
  EXPECT_LT(asked, 20);
}

TEST_F(SweeperTest, StopsInTheMiddle) {
  SetLimits({.days = 1, .min_free = 0});
  for (int i = 0; i < 300; ++i) Record(30 + i);
  Make();
  sweeper_->Start();
  ASSERT_TRUE(testing::PumpUntil([this] { return told_.size() > 2; }));

  sweeper_->Stop();
  sweeper_.reset();

  EXPECT_GT(Rows(), 0U);
  Run();
  EXPECT_EQ(Rows(), 0U) << "the next start goes on";
}

}  // namespace
}  // namespace ronin::retention
