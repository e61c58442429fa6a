// SPDX-License-Identifier: MIT
#include "retention/file_mover.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>

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

constexpr WallTime kBegin{Micros(1'795'000'000'000'000)};

/// A volume that is recorded to and an archive that takes what is older than a day.
class FileMoverTest : public ::testing::Test {
 protected:
  /// Runs `job` on the thread of the databases.
  template <typename Job>
  auto OnDatabase(Job job) {
    std::promise<decltype(job())> promise;
    auto future = promise.get_future();
    database_.Post([&] { promise.set_value(job()); });
    return future.get();
  }

  FileMoverTest() {
    clock_.Advance(30 * 24h);
    testing::PumpUntil([this] { return disk().ok() && archive().ok(); });
    disk_id_ = Know(disk());
    archive_id_ = Know(archive());
    volumes_.SetUse(archive().uuid(), {.role = VolumeRole::kArchive, .move_after_days = 1});
    mover_.emplace(
        FileMover::Context{.clock = clock_,
                           .cameras = *stores_.cameras,
                           .catalog = *catalog_,
                           .database = database_,
                           .volumes = volumes_,
                           .on_progress = [this](const MoveProgress& now) { progress_ = now; },
                           .clock_is_trusted = [this] { return clock_is_trusted_; }});
  }
  ~FileMoverTest() override {
    mover_.reset();
    volumes_.StopWorkers();
    database_.Stop();
  }

  VolumeGate& disk() { return *volumes_.all()[0]; }
  VolumeGate& archive() { return *volumes_.all()[1]; }
  int64_t Know(const VolumeGate& gate) {
    const int64_t id =
        OnDatabase([&] { return catalog_->EnsureVolume(gate.root(), gate.uuid()).value(); });
    volumes_.SetCatalogId(gate.uuid(), id);
    return id;
  }

  static std::string PathOf(int minute, int copy = 1) {
    return SegmentPath{.folder = "Yard", .start = kBegin + minute * 1min, .copy = copy}.ToString();
  }
  static void Write(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string OnDisk(const std::string& rel_path) { return disk_dir_ / rel_path; }
  std::string OnArchive(const std::string& rel_path) { return archive_dir_ / rel_path; }

  /// A file of a minute on the disk, and its row.
  int64_t Record(int minute, int64_t camera_id = 1) {
    Segment segment;
    segment.camera_id = camera_id;
    segment.volume_id = disk_id_;
    segment.rel_path = PathOf(minute);
    segment.start = kBegin + minute * 1min;
    segment.end = segment.start + 1min;
    segment.size_bytes = 5;
    segment.state = SegmentState::kComplete;
    Write(OnDisk(segment.rel_path), "media");
    return OnDatabase([&] { return catalog_->Adopt(segment).value(); });
  }
  Segment Row(int64_t id) {
    return OnDatabase([&] { return catalog_->Get(id).value(); });
  }
  bool NothingIsMoved() {
    return OnDatabase([&] { return catalog_->Moves()->empty(); });
  }
  bool Rests() const { return progress_ && !progress_->running; }
  bool WorkDone() {
    progress_.reset();
    mover_->Work();
    return testing::PumpUntil([this] { return Rests(); });
  }
  FileMove MoveOf(int64_t id, int minute) const {
    return {id, disk_id_, PathOf(minute), archive_id_, PathOf(minute)};
  }
  MoveJob JobOf(const FileMove& move) {
    return {.move = move,
            .from = disk().volume(),
            .to = archive().volume(),
            .with_database =
                [this](const MoveJob::DatabaseWork& work) {
                  if (killed_at_ > 0 && --killed_at_ == 0) {
                    killed_ = true;
                  }
                  if (killed_) return Status(Fail(ErrorKind::kUnavailable, "killed"));
                  return OnDatabase([&] { return work(*catalog_, *stores_.cameras); });
                },
            .pace = {.cancelled = [this] { return cancelled_; }, .wait = [] { return false; }}};
  }

  testing::TempDir dir_;
  testing::TempDir disk_dir_;
  testing::TempDir archive_dir_;
  testing::FakeClock clock_{kBegin};
  Worker database_{"catalog"};
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  Volumes volumes_{{disk_dir_.path(), archive_dir_.path()},
                   {},
                   clock_,
                   VolumeGate::Settings{.look_interval = 20ms},
                   {.identified = [](const auto&, const auto&) {},
                    .changed =
                        [this](VolumeGate&) {
                          if (mover_) mover_->Work();
                        },
                    .data_lost = [](VolumeGate&) {},
                    .in_use = [](const VolumeGate&) { return false; }}};
  int64_t disk_id_ = 0;
  int64_t archive_id_ = 0;
  std::optional<FileMover> mover_;
  std::optional<MoveProgress> progress_;
  bool cancelled_ = false;
  bool clock_is_trusted_ = true;
  bool killed_ = false;
  int killed_at_ = 0;  // the database answers no more from this question on
};

TEST_F(FileMoverTest, MovesWhatIsOldEnoughTheOldestFirst) {
  std::vector<int64_t> old;
  for (int i = 0; i < 5; ++i) old.push_back(Record(i));
  const int64_t young = Record(30 * 24 * 60 - 60);

  ASSERT_TRUE(WorkDone());

  EXPECT_EQ(progress_->file_count, 5);
  EXPECT_EQ(progress_->left_file_count, 0);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Row(old[size_t(i)]).volume_id, archive_id_);
    EXPECT_EQ(Read(OnArchive(PathOf(i))), "media");
    EXPECT_FALSE(fs::exists(OnDisk(PathOf(i))));
  }
  EXPECT_EQ(Row(young).volume_id, disk_id_);
  EXPECT_TRUE(NothingIsMoved());
}

TEST_F(FileMoverTest, ATakenNameGetsANumberAndNothingIsOverwritten) {
  const int64_t id = Record(0);
  Write(OnArchive(PathOf(0)), "another");
  Segment missing;  // a row whose file is not there
  missing.camera_id = 2;
  missing.volume_id = archive_id_;
  missing.rel_path = PathOf(0, 2);
  missing.start = kBegin;
  missing.end = kBegin + 1min;
  missing.state = SegmentState::kMissing;
  ASSERT_TRUE(OnDatabase([&] { return catalog_->Adopt(missing); }));

  ASSERT_TRUE(WorkDone());

  EXPECT_EQ(Row(id).rel_path, PathOf(0, 3));
  EXPECT_EQ(Read(OnArchive(PathOf(0, 3))), "media");
  EXPECT_EQ(Read(OnArchive(PathOf(0))), "another");
}

TEST_F(FileMoverTest, WhoReadsTheOldFileReadsOn) {
  Record(0);
  std::ifstream reader(OnDisk(PathOf(0)));

  ASSERT_TRUE(WorkDone());

  EXPECT_FALSE(fs::exists(OnDisk(PathOf(0))));
  std::string text;
  reader >> text;
  EXPECT_EQ(text, "media");
}

TEST_F(FileMoverTest, OneThatCannotBeReadHoldsUpNoOther) {
  const int64_t bad = Record(0);
  const int64_t good = Record(1);
  fs::remove(OnDisk(PathOf(0)));
  fs::create_directory(OnDisk(PathOf(0)));

  ASSERT_TRUE(WorkDone());

  EXPECT_EQ(Row(bad).volume_id, disk_id_);
  EXPECT_EQ(Row(good).volume_id, archive_id_);
  EXPECT_TRUE(NothingIsMoved()) << "what could not be is not left half done";
}

TEST_F(FileMoverTest, AnArchiveThatIsNoneAnyMoreTakesNothing) {
  const int64_t id = Record(0);
  volumes_.SetUse(archive().uuid(), {.role = VolumeRole::kArchive, .move_after_days = {}});
  mover_->Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return database_.depth() == 0; }));
  EXPECT_EQ(Row(id).volume_id, disk_id_);

  volumes_.SetUse(archive().uuid(), {.role = VolumeRole::kArchive, .move_after_days = 0});
  ASSERT_TRUE(testing::PumpUntil([&] { return Row(id).volume_id == archive_id_; }));
}

TEST_F(FileMoverTest, AClockThatJumpedMovesNothingUntilItIsTrusted) {
  clock_is_trusted_ = false;
  const int64_t id = Record(0);
  mover_->Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return database_.depth() == 0; }));
  EXPECT_EQ(Row(id).volume_id, disk_id_);

  clock_is_trusted_ = true;
  ASSERT_TRUE(WorkDone());
  EXPECT_EQ(Row(id).volume_id, archive_id_);
}

TEST_F(FileMoverTest, FootageThatIsBeingDeletedIsNotMoved) {
  CameraRecord camera;
  camera.name = "Yard";
  camera.url = "rtsp://192.0.2.1/";
  const int64_t doomed = OnDatabase([&] {
    const auto stored = stores_.cameras->Insert(camera, kBegin).value();
    EXPECT_TRUE(stores_.cameras->Hide(stored.id, true, kBegin));
    EXPECT_TRUE(stores_.cameras->Remove(stored.id));
    return stored.id;
  });
  const int64_t first = Record(0, doomed);
  const int64_t other = Record(1, doomed + 1);

  ASSERT_TRUE(WorkDone());
  EXPECT_EQ(Row(first).volume_id, disk_id_);
  EXPECT_EQ(Row(other).volume_id, archive_id_);

  // It was removed while the file was copied.
  const auto moved = MoveFile(JobOf(MoveOf(first, 0)));
  EXPECT_EQ(moved.value(), Moved::kNotMoved);
  EXPECT_TRUE(fs::exists(OnDisk(PathOf(0))));
  EXPECT_FALSE(fs::exists(OnArchive(PathOf(0))));
  EXPECT_TRUE(NothingIsMoved());
}

TEST_F(FileMoverTest, ACancelledCopyLeavesNothing) {
  const int64_t id = Record(0);
  std::ofstream(OnDisk(PathOf(0))) << std::string(2 << 20, 'x');
  cancelled_ = true;

  EXPECT_EQ(MoveFile(JobOf(MoveOf(id, 0))).error().kind, ErrorKind::kUnavailable);

  EXPECT_TRUE(fs::exists(OnDisk(PathOf(0))));
  EXPECT_TRUE(fs::is_empty(fs::path(OnArchive(PathOf(0))).parent_path()));
  EXPECT_TRUE(NothingIsMoved());
}

TEST_F(FileMoverTest, ADiskThatIsAwayIsNotTakenForAnEmptyOne) {
  const int64_t id = Record(0);
  const MoveJob job = JobOf(MoveOf(id, 0));
  const std::string away = archive_dir_.path().string() + ".away";
  fs::rename(archive_dir_.path(), away);
  fs::create_directory(archive_dir_.path());

  EXPECT_FALSE(MoveFile(job));
  EXPECT_FALSE(SettleMove(job));

  EXPECT_TRUE(fs::is_empty(archive_dir_.path()));
  EXPECT_TRUE(fs::exists(OnDisk(PathOf(0))));
  fs::remove(archive_dir_.path());
  fs::rename(away, archive_dir_.path());
}

/// Wherever it was cut off, there is one good file that the row names, and the next start leaves
/// nothing else.
TEST_F(FileMoverTest, IsPutInOrderWhereverItWasCutOff) {
  for (int kill = 1; kill <= 3; ++kill) {
    const int minute = kill;
    const int64_t id = Record(minute);
    const MoveJob job = JobOf(MoveOf(id, minute));
    killed_at_ = kill;
    EXPECT_FALSE(MoveFile(job)) << kill;
    killed_ = false;
    killed_at_ = 0;

    const Segment row = Row(id);
    const std::string named =
        row.volume_id == disk_id_ ? OnDisk(row.rel_path) : OnArchive(row.rel_path);
    EXPECT_EQ(Read(named), "media") << kill;
    if (kill == 3) Write(OnDisk(PathOf(minute)), "media");  // as before it was unlinked
    ASSERT_TRUE(SettleMove(job)) << kill;

    const bool moved = Row(id).volume_id == archive_id_;
    EXPECT_EQ(fs::exists(OnArchive(PathOf(minute))), moved) << kill;
    EXPECT_EQ(fs::exists(OnDisk(PathOf(minute))), !moved) << kill;
    EXPECT_EQ(moved, kill > 1) << "a copy that is whole is used";
    EXPECT_TRUE(NothingIsMoved()) << kill;
    EXPECT_TRUE(SettleMove(job)) << "again, harmlessly";
  }
}

TEST_F(FileMoverTest, WhatACrashLeftOfACopyIsRemoved) {
  const int64_t id = Record(0);
  const int64_t gone = Record(1);
  const std::string folder = fs::path(OnArchive(PathOf(0))).parent_path();
  Write(folder + "/.moving-" + std::to_string(id), "med");
  Write(OnArchive(PathOf(1)), "media");
  OnDatabase([&]() -> Status {
    EXPECT_TRUE(catalog_->BeginMove(MoveOf(id, 0)));
    EXPECT_TRUE(catalog_->BeginMove(MoveOf(gone, 1)));
    return catalog_->Forget(gone);  // somebody has deleted it
  });
  volumes_.SetUse(archive().uuid(), {});  // an archive no more

  mover_->Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return NothingIsMoved(); }));

  EXPECT_FALSE(fs::exists(folder + "/.moving-" + std::to_string(id)));
  EXPECT_FALSE(fs::exists(OnArchive(PathOf(1))));
  EXPECT_EQ(Row(id).volume_id, disk_id_);
}

TEST_F(FileMoverTest, TheOnlyGoodCopyIsNeverRemoved) {
  const int64_t id = Record(0);
  Write(OnArchive(PathOf(0)), "media");
  fs::remove(OnDisk(PathOf(0)));
  OnDatabase([&] {
    EXPECT_TRUE(catalog_->BeginMove(MoveOf(id, 0)));
    return catalog_->SetState(id, SegmentState::kMissing);
  });

  EXPECT_EQ(SettleMove(JobOf(MoveOf(id, 0))).value(), Moved::kNotMoved);

  EXPECT_EQ(Read(OnArchive(PathOf(0))), "media") << "recovery takes it";
  EXPECT_TRUE(NothingIsMoved());
}

}  // namespace
}  // namespace ronin::retention
