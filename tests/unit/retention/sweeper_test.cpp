// SPDX-License-Identifier: MIT
#include "retention/sweeper.h"

#include <filesystem>
#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "storage/segment_path.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// One volume in a folder, one camera, and days of its footage.
class SweeperTest : public ::testing::Test {
 protected:
  template <typename Job>
  auto OnDatabase(Job job) {
    std::promise<decltype(job())> promise;
    auto future = promise.get_future();
    database_.Post([&] { promise.set_value(job()); });
    return future.get();
  }

  SweeperTest() {
    camera_ = OnDatabase([this] {
      CameraRecord camera;
      camera.name = "Yard";
      camera.url = "rtsp://192.0.2.1/";
      return stores_.cameras->Insert(camera, clock_.Now())->id;
    });
    testing::PumpUntil([this] { return volumes_.all().front()->ok(); });
    const std::string uuid = volumes_.all().front()->uuid();
    volume_id_ = OnDatabase([&] { return catalog_->EnsureVolume(root_, uuid).value(); });
    volumes_.SetCatalogId(uuid, volume_id_);
  }
  ~SweeperTest() override {
    sweeper_.reset();
    volumes_.StopWorkers();
    database_.Stop();
  }

  static std::string PathOf(int hours_ago) {
    return SegmentPath{.folder = "Yard", .start = Ago(hours_ago)}.ToString();
  }
  static WallTime Ago(int hours) { return kNow - hours * 1h; }

  int64_t Record(int hours_ago) {
    const std::string rel_path = PathOf(hours_ago);
    const fs::path path = root_ + "/" + rel_path;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "media";
    Segment segment;
    segment.camera_id = camera_;
    segment.volume_id = volume_id_;
    segment.rel_path = rel_path;
    segment.start = Ago(hours_ago);
    segment.end = segment.start + 1h;
    segment.size_bytes = 5;
    segment.state = SegmentState::kComplete;
    return OnDatabase([&] { return catalog_->Adopt(segment).value(); });
  }
  bool Exists(int hours_ago) const { return fs::exists(root_ + "/" + PathOf(hours_ago)); }
  size_t Rows() {
    return OnDatabase([&] { return catalog_->List({.limit = 1000})->items.size(); });
  }
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
                         .clock_is_synchronised = [](WallTime) { return false; }},
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
                               alarms_.emplace(kind, volume_id);
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

  static constexpr WallTime kNow{Micros(1'795'000'000'000'000)};
  testing::TempDir dir_;
  testing::TempDir disk_;
  const std::string root_ = disk_.path();
  testing::FakeClock clock_{kNow};
  Worker database_{"catalog"};
  OpenPaths open_paths_;
  ServedFiles served_{clock_};
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  int64_t camera_ = 0;
  int64_t volume_id_ = 0;
  std::optional<WallTime> seen_;
  std::vector<Sweeper::Progress> told_;
  std::set<std::pair<AlarmKind, int64_t>> alarms_;
  int runs_ = 0;
  Volumes volumes_{{root_},
                   {},
                   clock_,
                   VolumeGate::Settings(),
                   {.identified = [](const auto&, const auto&) {},
                    .changed = [](VolumeGate&) {},
                    .data_lost = [](VolumeGate&) {},
                    .in_use = [](const VolumeGate&) { return false; }}};
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
  EXPECT_FALSE(fs::exists(fs::path(root_ + "/" + PathOf(400)).parent_path())) << "empty days go";
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
  const auto open = open_paths_.Open(root_ + "/" + PathOf((Record(49), 49)));
  auto served = served_.Serve(root_ + "/" + PathOf((Record(48), 48)));
  Record(47);
  ASSERT_TRUE(OnDatabase([&] { return catalog_->SetProtected(kept, true); }));

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

TEST_F(SweeperTest, FinishesWhatACrashLeftMarked) {
  SetLimits({});
  const int64_t with_file = Record(50);
  const int64_t without = Record(49);
  Record(48);
  ASSERT_TRUE(OnDatabase([&] { return catalog_->Doom({with_file, without}); }));
  fs::remove(root_ + "/" + PathOf(49));

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
  ASSERT_TRUE(OnDatabase([&] { return catalog_->SetProtected(kept, true); }));
  Run();
  ASSERT_EQ(Rows(), 2U) << "this test needs a disk that is not full";

  // More than any disk has free.
  const Limits limits{.min_free = int64_t(1) << 60};
  SetLimits(limits);
  sweeper_->LimitsChanged(limits);

  ASSERT_TRUE(testing::PumpUntil([this] { return Rows() == 1; }));
  EXPECT_TRUE(Exists(3));
  EXPECT_TRUE(testing::PumpUntil([this] {
    return alarms_.contains({AlarmKind::kRetentionShort, volume_id_});
  }));
  const int runs = runs_;
  sweeper_->VolumesChanged();
  EXPECT_EQ(runs_, runs) << "it rests when it can do nothing";
}

TEST_F(SweeperTest, ADiskThatFailsKeepsItsRowsAndEndsTheRun) {
  SetLimits({.days = 1, .min_free = 0});
  Record(30);
  // No folder can be unlinked like a file.
  fs::remove(root_ + "/" + PathOf(30));
  fs::create_directories(root_ + "/" + PathOf(30) + "/x");

  Run();

  EXPECT_EQ(Rows(), 1U);
  fs::remove_all(root_ + "/" + PathOf(30));
  Run();
  EXPECT_EQ(Rows(), 0U);
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
  EXPECT_FALSE(ask({.min_free = int64_t(1) << 60}).empty());
  EXPECT_FALSE(ask({.min_days = 1, .min_free = int64_t(1) << 60}).empty());
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
