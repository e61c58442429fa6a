// SPDX-License-Identifier: MIT
#include "retention/file_mover.h"

#include <filesystem>
#include <fstream>

#include "retention/move_file.h"
#include "unit/retention/volumes_fixture.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A volume that is recorded to and an archive that takes what is older than a day.
class FileMoverTest : public VolumesFixture {
 protected:
  static constexpr WallTime kBegin = kNow - Micros(30 * 24h);

  FileMoverTest() : VolumesFixture(2, {.look_interval = 20ms}) {
    volumes_.SetUse(archive().uuid(), {.role = VolumeRole::kArchive, .move_after_days = 1});
    mover_.emplace(
        FileMover::Context{.clock = clock_,
                           .cameras = *stores_.cameras,
                           .catalog = *catalog_,
                           .database = database_,
                           .volumes = volumes_,
                           .on_progress = [this](const MoveProgress& now) { progress_ = now; },
                           .trusted_time = [this] { return trusted_time_; }});
    on_changed_ = [this] { mover_->Work(); };
  }
  ~FileMoverTest() override {
    on_changed_ = {};
    mover_.reset();
  }

  VolumeGate& disk() { return gate(0); }
  VolumeGate& archive() { return gate(1); }

  static std::string PathAt(int minute, int copy = 1) {
    return PathOf("Yard", kBegin + minute * 1min, copy);
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string OnDisk(const std::string& rel_path) const { return On(0, rel_path); }
  std::string OnArchive(const std::string& rel_path) const { return On(1, rel_path); }

  /// A file of a minute on the disk.
  int64_t Record(int minute, int64_t camera_id = 1) {
    return VolumesFixture::Record(
        {.start = kBegin + minute * 1min, .length = 1min, .camera_id = camera_id});
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
    return {id, id_of(0), PathAt(minute), id_of(1), PathAt(minute)};
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

  std::optional<FileMover> mover_;
  std::optional<MoveProgress> progress_;
  bool cancelled_ = false;
  std::optional<WallTime> trusted_time_ = kNow;
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
    EXPECT_EQ(Row(old[size_t(i)]).volume_id, id_of(1));
    EXPECT_EQ(Read(OnArchive(PathAt(i))), "media");
    EXPECT_FALSE(fs::exists(OnDisk(PathAt(i))));
  }
  EXPECT_EQ(Row(young).volume_id, id_of(0));
  EXPECT_TRUE(NothingIsMoved());
}

TEST_F(FileMoverTest, ATakenNameGetsANumberAndNothingIsOverwritten) {
  const int64_t id = Record(0);
  Write(OnArchive(PathAt(0)), "another");
  Segment missing;  // a row whose file is not there
  missing.camera_id = 2;
  missing.volume_id = id_of(1);
  missing.rel_path = PathAt(0, 2);
  missing.start = kBegin;
  missing.end = kBegin + 1min;
  missing.state = SegmentState::kMissing;
  ASSERT_TRUE(OnDatabase([&] { return catalog_->Adopt(missing); }));

  ASSERT_TRUE(WorkDone());

  EXPECT_EQ(Row(id).rel_path, PathAt(0, 3));
  EXPECT_EQ(Read(OnArchive(PathAt(0, 3))), "media");
  EXPECT_EQ(Read(OnArchive(PathAt(0))), "another");
}

TEST_F(FileMoverTest, WhoReadsTheOldFileReadsOn) {
  Record(0);
  std::ifstream reader(OnDisk(PathAt(0)));

  ASSERT_TRUE(WorkDone());

  EXPECT_FALSE(fs::exists(OnDisk(PathAt(0))));
  std::string text;
  reader >> text;
  EXPECT_EQ(text, "media");
}

TEST_F(FileMoverTest, OneThatCannotBeReadHoldsUpNoOther) {
  const int64_t bad = Record(0);
  const int64_t good = Record(1);
  fs::remove(OnDisk(PathAt(0)));
  fs::create_directory(OnDisk(PathAt(0)));

  ASSERT_TRUE(WorkDone());

  EXPECT_EQ(Row(bad).volume_id, id_of(0));
  EXPECT_EQ(Row(good).volume_id, id_of(1));
  EXPECT_TRUE(NothingIsMoved()) << "what could not be is not left half done";
}

TEST_F(FileMoverTest, AnArchiveThatIsNoneAnyMoreTakesNothing) {
  const int64_t id = Record(0);
  volumes_.SetUse(archive().uuid(), {.role = VolumeRole::kArchive, .move_after_days = {}});
  mover_->Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return database_.depth() == 0; }));
  EXPECT_EQ(Row(id).volume_id, id_of(0));

  volumes_.SetUse(archive().uuid(), {.role = VolumeRole::kArchive, .move_after_days = 0});
  ASSERT_TRUE(testing::PumpUntil([&] { return Row(id).volume_id == id_of(1); }));
}

TEST_F(FileMoverTest, AClockThatJumpedMovesNothingUntilItIsTrusted) {
  trusted_time_ = std::nullopt;
  const int64_t id = Record(0);
  mover_->Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return database_.depth() == 0; }));
  EXPECT_EQ(Row(id).volume_id, id_of(0));

  trusted_time_ = kNow;
  ASSERT_TRUE(WorkDone());
  EXPECT_EQ(Row(id).volume_id, id_of(1));
}

TEST_F(FileMoverTest, AClockThatJumpedSinceItWasLookedAtMakesNothingOld) {
  const int64_t id = Record(0);
  trusted_time_ = kBegin + Micros(1h);
  clock_.Step(400 * 24h);

  mover_->Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return database_.depth() == 0; }));

  EXPECT_EQ(Row(id).volume_id, id_of(0));
}

TEST_F(FileMoverTest, FootageThatIsBeingDeletedIsNotMoved) {
  const int64_t doomed = AddDoomedCamera("Yard");
  const int64_t first = Record(0, doomed);
  const int64_t other = Record(1, doomed + 1);

  ASSERT_TRUE(WorkDone());
  EXPECT_EQ(Row(first).volume_id, id_of(0));
  EXPECT_EQ(Row(other).volume_id, id_of(1));

  // It was removed while the file was copied.
  const auto moved = MoveFile(JobOf(MoveOf(first, 0)));
  EXPECT_EQ(moved.value(), Moved::kNotMoved);
  EXPECT_TRUE(fs::exists(OnDisk(PathAt(0))));
  EXPECT_FALSE(fs::exists(OnArchive(PathAt(0))));
  EXPECT_TRUE(NothingIsMoved());
}

TEST_F(FileMoverTest, ACancelledCopyLeavesNothing) {
  const int64_t id = Record(0);
  std::ofstream(OnDisk(PathAt(0))) << std::string(2 << 20, 'x');
  cancelled_ = true;

  EXPECT_EQ(MoveFile(JobOf(MoveOf(id, 0))).error().kind, ErrorKind::kUnavailable);

  EXPECT_TRUE(fs::exists(OnDisk(PathAt(0))));
  EXPECT_TRUE(fs::is_empty(fs::path(OnArchive(PathAt(0))).parent_path()));
  EXPECT_TRUE(NothingIsMoved());
}

TEST_F(FileMoverTest, ADiskThatIsAwayIsNotTakenForAnEmptyOne) {
  const int64_t id = Record(0);
  const MoveJob job = JobOf(MoveOf(id, 0));
  const std::string away = disks_[1].path().string() + ".away";
  fs::rename(disks_[1].path(), away);
  fs::create_directory(disks_[1].path());

  EXPECT_FALSE(MoveFile(job));
  EXPECT_FALSE(SettleMove(job));

  EXPECT_TRUE(fs::is_empty(disks_[1].path()));
  EXPECT_TRUE(fs::exists(OnDisk(PathAt(0))));
  fs::remove(disks_[1].path());
  fs::rename(away, disks_[1].path());
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
        row.volume_id == id_of(0) ? OnDisk(row.rel_path) : OnArchive(row.rel_path);
    EXPECT_EQ(Read(named), "media") << kill;
    if (kill == 3) Write(OnDisk(PathAt(minute)), "media");  // as before it was unlinked
    ASSERT_TRUE(SettleMove(job)) << kill;

    const bool moved = Row(id).volume_id == id_of(1);
    EXPECT_EQ(fs::exists(OnArchive(PathAt(minute))), moved) << kill;
    EXPECT_EQ(fs::exists(OnDisk(PathAt(minute))), !moved) << kill;
    EXPECT_EQ(moved, kill > 1) << "a copy that is whole is used";
    EXPECT_TRUE(NothingIsMoved()) << kill;
    EXPECT_TRUE(SettleMove(job)) << "again, harmlessly";
  }
}

TEST_F(FileMoverTest, WhatACrashLeftOfACopyIsRemoved) {
  const int64_t id = Record(0);
  const int64_t gone = Record(1);
  const std::string folder = fs::path(OnArchive(PathAt(0))).parent_path();
  Write(folder + "/.moving-" + std::to_string(id), "med");
  Write(OnArchive(PathAt(1)), "media");
  OnDatabase([&]() -> Status {
    EXPECT_TRUE(catalog_->BeginMove(MoveOf(id, 0)));
    EXPECT_TRUE(catalog_->BeginMove(MoveOf(gone, 1)));
    return catalog_->Forget(gone);  // somebody has deleted it
  });
  volumes_.SetUse(archive().uuid(), {});  // an archive no more

  mover_->Work();
  ASSERT_TRUE(testing::PumpUntil([this] { return NothingIsMoved(); }));

  EXPECT_FALSE(fs::exists(folder + "/.moving-" + std::to_string(id)));
  EXPECT_FALSE(fs::exists(OnArchive(PathAt(1))));
  EXPECT_EQ(Row(id).volume_id, id_of(0));
}

TEST_F(FileMoverTest, TheOnlyGoodCopyIsNeverRemoved) {
  const int64_t id = Record(0);
  Write(OnArchive(PathAt(0)), "media");
  fs::remove(OnDisk(PathAt(0)));
  OnDatabase([&] {
    EXPECT_TRUE(catalog_->BeginMove(MoveOf(id, 0)));
    return catalog_->SetState(id, SegmentState::kMissing);
  });

  EXPECT_EQ(SettleMove(JobOf(MoveOf(id, 0))).value(), Moved::kNotMoved);

  EXPECT_EQ(Read(OnArchive(PathAt(0))), "media") << "recovery takes it";
  EXPECT_TRUE(NothingIsMoved());
}

}  // namespace
}  // namespace ronin::retention
