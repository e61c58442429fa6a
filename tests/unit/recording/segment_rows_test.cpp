// SPDX-License-Identifier: MIT
#include "recording/segment_rows.h"

#include <functional>
#include <future>
#include <numeric>

#include <gtest/gtest.h>

#include "sqlite/database.h"
#include "support/damage.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::recording {
namespace {

const WallTime kStart = FromMicros(1'795'000'000'000'000);

class SegmentRowsTest : public ::testing::Test {
 protected:
  ~SegmentRowsTest() override { database_.Stop(); }

  std::string PathOf(int file) const { return volume_.PathOf(RelPath(file)); }
  static std::string RelPath(int file) {
    return "Yard/2026-11-18/" + std::to_string(file) + ".mp4";
  }
  void Begin(int file) {
    rows_->Begin({.row = {.camera_id = 1, .rel_path = RelPath(file), .start = kStart},
                  .volume = volume_,
                  .open = open_.Open(PathOf(file))});
  }
  void End(int file) {
    rows_->End({.path = PathOf(file), .end = kStart + std::chrono::seconds(10), .size_bytes = 5});
  }
  /// Runs it while the catalog is busy with something else.
  void Whilst(const std::function<void()>& act) {
    std::promise<void> hold;
    database_.Post([held = hold.get_future().share()] { held.wait(); });
    act();
    hold.set_value();
  }
  uint64_t Writes() {
    const auto counts = rows_->writes().Read().counts;
    return std::accumulate(counts.begin(), counts.end(), uint64_t(0));
  }
  std::vector<Segment> Rows() {
    std::promise<std::vector<Segment>> rows;
    database_.Post([&] { rows.set_value(catalog_->List({.limit = 1000}).value().items); });
    return rows.get_future().get();
  }

  testing::TempDir dir_;
  const std::string file_ = dir_ / "catalog.db";
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(file_).value();
  const Volume volume_{"/srv/a", "00000000-0000-0000-0000-00000000000a"};
  Worker database_{"catalog"};
  OpenPaths open_;
  int told_ = 0;
  int lost_ = 0;
  std::unique_ptr<SegmentRows> rows_ = std::make_unique<SegmentRows>(
      *catalog_, database_,
      SegmentRows::Callbacks{.on_segment = [this](const Segment&) { ++told_; },
                             .on_lost = [this] { ++lost_; }});
};

TEST_F(SegmentRowsTest, MakeARowAndCompleteIt) {
  Begin(1);
  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 1; }));
  EXPECT_EQ(Rows().at(0).state, SegmentState::kRecording);
  EXPECT_TRUE(open_.Contains(PathOf(1)));

  rows_->Suspect(PathOf(1));
  End(1);

  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 2; }));
  EXPECT_EQ(Rows().at(0).state, SegmentState::kComplete);
  EXPECT_TRUE(Rows().at(0).is_suspect);
  EXPECT_FALSE(open_.Contains(PathOf(1)));
  EXPECT_EQ(Writes(), 3U);
}

TEST_F(SegmentRowsTest, NoteTheCameraClockAtTheEndAndLeaveWhatTheBeginningKnew) {
  const CameraClock known{std::chrono::seconds(-5), std::chrono::seconds(1)};
  for (const int file : {1, 2}) {
    rows_->Begin({.row = {.camera_id = 1,
                          .rel_path = RelPath(file),
                          .start = kStart,
                          .camera_clock = CameraClock{known.offset, {}}},
                  .volume = volume_,
                  .open = open_.Open(PathOf(file))});
  }
  rows_->End({.path = PathOf(1), .end = kStart, .size_bytes = 5, .camera_clock = known});
  End(2);

  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 4; }));
  EXPECT_EQ(Rows()[0].camera_clock, known);
  EXPECT_EQ(Rows()[1].camera_clock, (CameraClock{known.offset, {}}));
}

TEST_F(SegmentRowsTest, KnowAtTheEndWhatSoundThereIs) {
  const SegmentAudio sound{"aac", 8000, 1};
  Begin(1);
  Begin(2);
  rows_->Begin({.row = {.camera_id = 1, .rel_path = RelPath(3), .start = kStart, .audio = sound},
                .volume = volume_,
                .open = open_.Open(PathOf(3))});
  SegmentRows::Ended ended{.path = PathOf(1), .end = kStart, .size_bytes = 5};
  ended.audio.emplace(sound);
  rows_->End(ended);
  End(2);
  ended.path = PathOf(3);
  ended.audio.emplace(std::nullopt);
  rows_->End(ended);

  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 6; }));
  EXPECT_EQ(Rows()[0].audio, sound) << "it came after the first picture";
  EXPECT_FALSE(Rows()[1].audio);
  EXPECT_FALSE(Rows()[2].audio) << "it was expected, and the file has none";
}

TEST_F(SegmentRowsTest, EnterTogetherWhatEndsTogether) {
  for (const int file : {1, 2, 3, 4}) Begin(file);
  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 4; }));
  ASSERT_EQ(Rows().size(), 4U);  // and the worker is done with all of it
  const uint64_t before = Writes();
  Whilst([&] {
    End(1);
    End(2);
    rows_->Suspect(PathOf(3));
    End(3);
    End(4);
  });

  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 8; }));
  for (const Segment& row : Rows()) {
    EXPECT_EQ(row.state, SegmentState::kComplete);
    EXPECT_EQ(row.is_suspect, row.rel_path == RelPath(3)) << "in the order in which it was said";
  }
  EXPECT_EQ(Writes() - before, 3U) << "two ends, what is suspect, two ends";
  EXPECT_FALSE(open_.Contains(PathOf(4)));
}

TEST_F(SegmentRowsTest, EnterTheOthersWhenOneOfThoseThatEndTogetherIsWrong) {
  for (const int file : {1, 2, 3}) Begin(file);
  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 3; }));
  database_.Post([this] { ASSERT_TRUE(catalog_->Forget(catalog_->List({}).value().items[1].id)); });
  Whilst([&] {
    for (const int file : {1, 2, 3}) End(file);
  });

  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 5; }));
  for (const Segment& row : Rows()) EXPECT_EQ(row.state, SegmentState::kComplete);
  EXPECT_EQ(rows_->waiting(), 0U);
  EXPECT_FALSE(open_.Contains(PathOf(2)));
}

TEST_F(SegmentRowsTest, WaitInOrderWhileTheCatalogIsLocked) {
  auto stranger = Database::Open(file_).value();
  ASSERT_TRUE(stranger.Execute("BEGIN EXCLUSIVE"));

  Begin(1);
  End(1);
  Begin(2);
  ASSERT_TRUE(testing::PumpUntil([&] { return rows_->waiting() == 3; }));
  EXPECT_TRUE(open_.Contains(PathOf(1))) << "its row is not complete";

  ASSERT_TRUE(stranger.Execute("COMMIT"));
  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 3; }));
  const auto rows = Rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].state, SegmentState::kComplete);
  EXPECT_EQ(rows[1].state, SegmentState::kRecording);
  EXPECT_EQ(rows_->waiting(), 0U);
}

TEST_F(SegmentRowsTest, AreTriedOnceMoreAtTheEnd) {
  auto stranger = Database::Open(file_).value();
  ASSERT_TRUE(stranger.Execute("BEGIN EXCLUSIVE"));
  Begin(1);
  End(1);
  ASSERT_TRUE(testing::PumpUntil([&] { return rows_->waiting() == 2; }));
  ASSERT_TRUE(stranger.Execute("COMMIT"));

  rows_->TryAgain();
  database_.Stop();  // the main loop, which would try again, runs no more

  EXPECT_EQ(catalog_->List({}).value().items.at(0).state, SegmentState::kComplete);
  EXPECT_FALSE(open_.Contains(PathOf(1)));
}

TEST_F(SegmentRowsTest, GiveUpTheOldestOfTooManyAndSaySo) {
  auto stranger = Database::Open(file_).value();
  ASSERT_TRUE(stranger.Execute("BEGIN EXCLUSIVE"));
  constexpr int kMany = int(SegmentRows::kMost) + 10;

  Begin(0);
  for (int i = 0; i < kMany; ++i) rows_->Suspect(PathOf(0));
  ASSERT_TRUE(testing::PumpUntil([&] { return rows_->waiting() == SegmentRows::kMost; }));
  End(0);
  ASSERT_TRUE(stranger.Execute("COMMIT"));

  ASSERT_TRUE(testing::PumpUntil([&] { return lost_ == 1; }));
  EXPECT_TRUE(Rows().empty()) << "the beginning was given up; its file is for recovery";
  EXPECT_FALSE(open_.Contains(PathOf(0)));
}

TEST_F(SegmentRowsTest, AreMadeAgainInACatalogThatBeganAnew) {
  Begin(1);
  Begin(2);
  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 2; }));
  const int64_t before = Rows()[1].id;
  database_.Post([&] {
    const Error damage{ErrorKind::kCorrupt, "it is damaged"};
    EXPECT_TRUE(catalog_->BeginAnew(damage, kStart));
  });

  rows_->EnterAgain();
  End(1);

  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 5; }));
  const auto rows = Rows();
  ASSERT_EQ(rows.size(), 2U);
  for (const Segment& row : rows) {
    const bool ended = row.rel_path == RelPath(1);
    EXPECT_EQ(row.state, ended ? SegmentState::kComplete : SegmentState::kRecording);
    EXPECT_GT(row.id, before) << "nobody takes one for the other";
  }
  EXPECT_TRUE(open_.Contains(PathOf(2)));
  EXPECT_FALSE(open_.Contains(PathOf(1)));
}

TEST_F(SegmentRowsTest, SayThatTheCatalogIsDamagedAndWait) {
  rows_.reset();
  catalog_.reset();
  testing::Damage(file_, "segment");
  catalog_ = OpenCatalog(file_).value();
  int damaged = 0;
  rows_ = std::make_unique<SegmentRows>(
      *catalog_, database_,
      SegmentRows::Callbacks{.on_segment = [this](const Segment&) { ++told_; },
                             .on_lost = {},
                             .on_damage = [&](const Error&) { ++damaged; }});

  Begin(1);

  ASSERT_TRUE(testing::PumpUntil([&] { return damaged > 0 && rows_->waiting() == 1; }));
  database_.Post([&] {
    EXPECT_TRUE(catalog_->BeginAnew({ErrorKind::kCorrupt, "it is damaged"}, kStart));
  });
  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 1; }));
}

TEST_F(SegmentRowsTest, TakeARowThatIsThereAlreadyForTheirs) {
  Begin(1);
  Begin(1);
  End(1);

  ASSERT_TRUE(testing::PumpUntil([&] { return told_ == 3; }));
  ASSERT_EQ(Rows().size(), 1U);
  EXPECT_EQ(Rows()[0].state, SegmentState::kComplete);
}

}  // namespace
}  // namespace ronin::recording
