// SPDX-License-Identifier: MIT
// What is made of real files after a crash, or after somebody moved them.
#include "recording/recovery.h"

#include <algorithm>
#include <climits>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "base/text.h"
#include "config/setting_store.h"
#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int64_t kYard = 7;
constexpr char kYardUuid[] = "01234567-89ab-cdef-0123-456789abcdef";

recording::FileOwners OwnersOfYard(const std::string& uuid = kYardUuid) {
  CameraRecord yard;
  yard.id = kYard;
  yard.uuid = uuid;
  yard.folder = "Yard";
  recording::FileOwners out;
  out.Add(yard);
  return out;
}

/// Three recordings of a camera in folder "Yard", and a catalog that knows nothing of them.
class RecoveryTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    recorded_ = new TempDir;
    FakeCamera camera;
    RecorderFixture fixture(2s);
    CameraRecord yard;
    yard.uuid = kYardUuid;
    const int64_t id = fixture.Add("Yard", camera.url(), yard);
    ASSERT_TRUE(PumpUntil([&] { return fixture.closed_files() >= 2; }, 90s));
    fixture.StopAll();
    live_ = fixture.Rows();
    ASSERT_EQ(live_.at(0).camera_id, id);
    fs::copy(fixture.storage(), recorded_->path(), fs::copy_options::recursive);
  }
  static void TearDownTestSuite() {
    delete recorded_;
    recorded_ = nullptr;
    live_.clear();
  }

  void SetUp() override {
    fs::copy(recorded_->path(), volume_.root(), fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(volume_.root())) {
      if (entry.path().extension() == ".mp4") {
        files_.push_back(entry.path().string().substr(volume_.root().size() + 1));
      }
    }
    std::sort(files_.begin(), files_.end());
    ASSERT_GE(files_.size(), 3U);
  }

  recording::RecoveryReport Recover() {
    const auto report = TryToRecover();
    EXPECT_TRUE(report) << report.error().Text();
    return report.value_or(recording::RecoveryReport());
  }
  Result<recording::RecoveryReport> TryToRecover() {
    return recording::Recover(
        {.volume = volume_,
         .owners = owners_,
         .with_catalog =
             [this](const recording::RecoveryJob::CatalogWork& work) {
               ++pieces_;
               if (on_piece_) on_piece_();
               return work(*catalog_);
             },
         .protection = protection_,
         .is_open = [this](const std::string& path) { return open_.contains(path); },
         .cancelled = [this] { return pieces_ >= most_pieces_; }});
  }

  void ExpectNothingLeftToDo() {
    const auto again = Recover();
    EXPECT_EQ(again.repaired + again.adopted + again.missing + again.back + again.empty, 0);
  }

  std::vector<Segment> Rows() { return catalog_->List({.limit = 1000}).value().items; }

  /// The row that the recorder made when it opened the file.
  void BeginRow(const std::string& rel_path) {
    SegmentStart start;
    start.camera_id = kYard;
    start.volume_id = volume_id_;
    start.rel_path = rel_path;
    start.start = std::ranges::find(live_, rel_path, &Segment::rel_path)->start;
    ASSERT_TRUE(catalog_->BeginSegment(start));
  }

  /// What a rebuild of the catalog makes of the files as they lie now.
  std::vector<Segment> Rebuilt() {
    catalog_ = OpenCatalog(dir_ / Concat("catalog-", ++catalogs_, ".db")).value();
    volume_id_ = catalog_->EnsureVolume(volume_.root()).value();
    Recover();
    return Rows();
  }

  static TempDir* recorded_;
  static inline std::vector<Segment> live_;  // as the recorder wrote them
  TempDir dir_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  Volume volume_{dir_ / "storage"};
  ProtectionStore* protection_ = nullptr;
  int64_t volume_id_ = catalog_->EnsureVolume(volume_.root()).value();
  std::vector<std::string> files_;  // below the volume's root, by start
  std::set<std::string> open_;      // absolute
  recording::FileOwners owners_ = OwnersOfYard();
  int catalogs_ = 0;
  int pieces_ = 0;
  std::function<void()> on_piece_;
  int most_pieces_ = INT_MAX;
};

TempDir* RecoveryTest::recorded_ = nullptr;

TEST_F(RecoveryTest, AdoptsFilesWithoutARow) {
  const auto report = Recover();

  EXPECT_EQ(report.adopted, int(files_.size()));
  const auto rows = Rows();
  ASSERT_EQ(rows.size(), files_.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].rel_path, files_[i]);
    EXPECT_EQ(rows[i].camera_id, kYard);
    EXPECT_EQ(rows[i].state, SegmentState::kRecovered);
    EXPECT_EQ(rows[i].size_bytes, int64_t(fs::file_size(volume_.PathOf(files_[i]))));
    EXPECT_EQ(rows[i].frames, FfprobeIsSilent(volume_.PathOf(files_[i])).value());
    EXPECT_EQ(rows[i].video, (SegmentVideo{"h264", 640, 360}));
  }
  ExpectNothingLeftToDo();
}

TEST_F(RecoveryTest, MakesTheRowsThatTheRecorderWrote) {
  const auto rows = Rebuilt();

  ASSERT_EQ(rows.size(), live_.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].start, live_[i].start) << "to the microsecond";
    EXPECT_NEAR(double(ToMicros(*rows[i].end)), double(ToMicros(*live_[i].end)), 1000);
    EXPECT_EQ(rows[i].frames, live_[i].frames);
    EXPECT_EQ(rows[i].size_bytes, live_[i].size_bytes);
    EXPECT_EQ(rows[i].video, live_[i].video);
    EXPECT_EQ(rows[i].rel_path, live_[i].rel_path);
    if (i > 0) {
      EXPECT_LE(*rows[i - 1].end, rows[i].start);
    }
  }
}

TEST_F(RecoveryTest, GivesBackTheProtectionThatConfigDbKnows) {
  ConfigStores config = OpenConfigStores(dir_ / "config.db").value();
  ASSERT_TRUE(config.protection->Add({{StreamId(kYard), live_[1].start}}));
  protection_ = config.protection.get();

  const auto rows = Rebuilt();

  ASSERT_EQ(rows.size(), live_.size());
  for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].is_protected, i == 1);

  ASSERT_TRUE(catalog_->BeginAnew({ErrorKind::kCorrupt, "a page is not one"}, live_[0].start));
  ASSERT_TRUE(Rows().empty());
  Recover();
  const auto again = Rows();
  ASSERT_EQ(again.size(), live_.size()) << "in a catalog that began anew behind recording";
  for (size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].is_protected, i == 1);
}

TEST_F(RecoveryTest, MakesTheSameRowsWhenFoldersAndFilesHaveOtherNames) {
  auto expected = Rebuilt();
  fs::create_directories(volume_.PathOf("Garden/2001-01-01"));
  int minute = 0;
  for (const std::string& file : files_) {
    const std::string name = Concat("Garden/2001-01-01/00-", 10 + minute++, "-00.mp4");
    fs::rename(volume_.PathOf(file), volume_.PathOf(name));
    const auto row = std::ranges::find(expected, file, &Segment::rel_path);
    ASSERT_NE(row, expected.end());
    row->rel_path = name;
  }
  fs::remove_all(volume_.PathOf("Yard"));

  auto rows = Rebuilt();

  ASSERT_EQ(rows.size(), expected.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = expected[i].id;
    EXPECT_EQ(rows[i], expected[i]) << rows[i].rel_path;
  }
  ExpectNothingLeftToDo();
}

TEST_F(RecoveryTest, TakesNoFileOfAnotherRecorderForOneOfTheCameraOfItsFolder) {
  fs::resize_file(volume_.PathOf(files_[0]), fs::file_size(volume_.PathOf(files_[0])) - 1000);
  const auto size = fs::file_size(volume_.PathOf(files_[0]));
  owners_ = OwnersOfYard("89abcdef-0123-4567-89ab-cdef01234567");

  const auto report = Recover();

  EXPECT_EQ(report.adopted, 0);
  EXPECT_EQ(report.foreign, int(files_.size()));
  EXPECT_EQ(fs::file_size(volume_.PathOf(files_[0])), size) << "nothing is changed in it";
  owners_ = OwnersOfYard();
  EXPECT_EQ(Recover().adopted, int(files_.size())) << "once its camera is here";
}

TEST_F(RecoveryTest, LeavesCopiesStrangersAndFilesThatAreBeingWrittenAlone) {
  fs::copy(volume_.PathOf("Yard"), volume_.PathOf("A copy"), fs::copy_options::recursive);
  fs::remove(volume_.PathOf("A copy" + files_.back().substr(files_.back().find('/'))));
  std::ofstream(volume_.PathOf("Yard/notes.mp4")) << "not ours";

  BeginRow(files_[0]);
  open_ = {volume_.PathOf(files_[0]), volume_.PathOf(files_.back())};

  const auto report = Recover();

  EXPECT_EQ(report.adopted, int(files_.size()) - 2);
  EXPECT_EQ(report.repaired, 0);
  EXPECT_EQ(report.copies, int(files_.size()) - 1);
  for (const Segment& row : Rows()) EXPECT_TRUE(row.rel_path.starts_with("Yard/"));
  EXPECT_EQ(Rows()[0].state, SegmentState::kRecording);
}

TEST_F(RecoveryTest, LeavesAFileThatIsBeingMovedToWhoMovesIt) {
  const int64_t archive = catalog_->EnsureVolume("/archive").value();
  const std::string path = live_.front().rel_path;
  ASSERT_TRUE(catalog_->BeginMove({.segment_id = 9,
                                   .from_volume_id = archive,
                                   .from_path = "x",
                                   .to_volume_id = volume_id_,
                                   .to_path = path}));

  const auto report = Recover();

  EXPECT_EQ(report.adopted, int(live_.size()) - 1);
  EXPECT_TRUE(catalog_->StartingAt(kYard, StreamKind::kMain, live_.front().start)->empty());
}

TEST_F(RecoveryTest, ChangesNothingInACopyAndInAFileThatSomebodyIsCopying) {
  Recover();
  const std::string copy = volume_.PathOf("Yard/2020-01-01/00-00-00.mp4");
  fs::create_directories(fs::path(copy).parent_path());
  fs::copy(volume_.PathOf(files_[0]), copy);
  fs::resize_file(copy, fs::file_size(copy) - 100);  // a torn end
  const auto torn = fs::file_size(copy);
  // Made while the check runs.
  const std::string late = volume_.PathOf("Yard/2020-01-02/00-00-00.mp4");
  on_piece_ = [&] {
    fs::create_directories(fs::path(late).parent_path());
    std::ofstream(late).close();
  };

  EXPECT_EQ(Recover().copies, 1);

  EXPECT_EQ(fs::file_size(copy), torn);
  EXPECT_TRUE(fs::exists(late));
  on_piece_ = nullptr;
  EXPECT_EQ(Recover().stillborn, 1) << "nobody has written to it since";
}

TEST_F(RecoveryTest, SaysThatAFileIsMissingUntilItIsBack) {
  Recover();
  fs::rename(volume_.PathOf(files_[0]), dir_ / "away.mp4");

  const auto report = Recover();

  EXPECT_EQ(report.missing, 1);
  EXPECT_EQ(Rows()[0].state, SegmentState::kMissing);
  ExpectNothingLeftToDo();
  fs::rename(dir_ / "away.mp4", volume_.PathOf(files_[0]));
  EXPECT_EQ(Recover().back, 1);
  EXPECT_EQ(Rows()[0].state, SegmentState::kRecovered);
}

TEST_F(RecoveryTest, RemovesFilesThatWereKilledBeforeTheirFirstFragment) {
  for (const std::string& file : files_) BeginRow(file);
  fs::resize_file(volume_.PathOf(files_[0]), 0);
  fs::remove(volume_.PathOf(files_[1]));

  const auto report = Recover();

  EXPECT_EQ(report.stillborn, 1) << "and one is gone";
  EXPECT_EQ(report.repaired, int(files_.size()) - 2);
  EXPECT_EQ(Rows().size(), files_.size() - 2);
  EXPECT_FALSE(fs::exists(volume_.PathOf(files_[0])));
  ExpectNothingLeftToDo();
}

TEST_F(RecoveryTest, RemovesThemWithoutARowAsWellAndNothingElse) {
  const std::string other =
      volume_.PathOf((fs::path(files_[0]).parent_path() / "23-59-58.mp4").string());
  std::ofstream(other) << "neither zeros nor a recording";
  const std::string large =
      volume_.PathOf((fs::path(files_[0]).parent_path() / "23-59-59.mp4").string());
  std::ofstream(large).close();
  fs::resize_file(large, 5 << 20);                // zeros, but more than a fragment
  fs::resize_file(volume_.PathOf(files_[0]), 0);  // nothing got to the disk
  fs::resize_file(volume_.PathOf(files_[1]), 0);
  fs::resize_file(volume_.PathOf(files_[1]), 70000);  // its length did
  fs::resize_file(volume_.PathOf(files_[2]), 3000);   // the header did

  const auto report = Recover();

  EXPECT_EQ(report.stillborn, 3);
  EXPECT_EQ(report.empty, 2);
  EXPECT_EQ(report.adopted, int(files_.size()) - 3);
  for (int i : {0, 1, 2}) EXPECT_FALSE(fs::exists(volume_.PathOf(files_[i]))) << i;
  EXPECT_TRUE(fs::exists(other));
  EXPECT_TRUE(fs::exists(large));
  ExpectNothingLeftToDo();
}

TEST_F(RecoveryTest, CutsATornEndOffSoThatTheFilePlays) {
  const std::string path = volume_.PathOf(files_[0]);
  const int whole = FfprobeIsSilent(path).value();
  fs::resize_file(path, fs::file_size(path) - 1000);
  BeginRow(files_[0]);

  const auto report = Recover();

  EXPECT_EQ(report.repaired, 1);
  const Segment row = Rows()[0];
  EXPECT_EQ(row.state, SegmentState::kRecovered);
  EXPECT_EQ(row.size_bytes, int64_t(fs::file_size(path)));
  const auto left = FfprobeIsSilent(path);
  ASSERT_TRUE(left) << left.error().Text();
  EXPECT_EQ(row.frames, *left);
  EXPECT_LT(*left, whole);
  EXPECT_GT(*left, 0);
  EXPECT_GT(*row.end, row.start);
  ExpectNothingLeftToDo();
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(bytes.rfind("mfro"), bytes.npos) << "it has an index, as a closed one";
}

TEST_F(RecoveryTest, MeasuresAFileAgainThatLostItsEndAfterItsRowWasComplete) {
  Recover();
  const Segment before = Rows()[0];
  fs::resize_file(volume_.PathOf(files_[0]), uint64_t(before.size_bytes) - 1000);

  EXPECT_EQ(Recover().repaired, 1);

  EXPECT_LT(*Rows()[0].frames, *before.frames);
  EXPECT_EQ(Rows()[0].size_bytes, int64_t(fs::file_size(volume_.PathOf(files_[0]))));
  ExpectNothingLeftToDo();
}

TEST_F(RecoveryTest, DoesNotBelieveThatManyFilesAreGoneAtOnce) {
  Recover();
  const Segment known = Rows()[0];
  std::vector<Segment> more(30, known);
  for (size_t i = 0; i < more.size(); ++i) more[i].rel_path = Concat("Yard/2020-01-01/", i, ".mp4");
  ASSERT_TRUE(catalog_->AdoptAll(more));

  const auto report = Recover();

  EXPECT_EQ(report.refused, 30);
  EXPECT_EQ(report.missing, 0);
  for (const Segment& row : Rows()) EXPECT_EQ(row.state, SegmentState::kRecovered);
}

TEST_F(RecoveryTest, GoesOnWhereItWasCutOff) {
  BeginRow(files_[0]);
  fs::resize_file(volume_.PathOf(files_[0]), fs::file_size(volume_.PathOf(files_[0])) - 1000);
  int tries = 0;
  // After each piece of work for the catalog, once; the last time to the end.
  for (most_pieces_ = 0;; ++most_pieces_, ++tries) {
    pieces_ = 0;
    const auto report = TryToRecover();
    if (report) break;
    ASSERT_EQ(report.error().kind, ErrorKind::kUnavailable);
    ASSERT_LT(tries, 100);
  }

  EXPECT_GT(tries, 5);
  most_pieces_ = INT_MAX;
  EXPECT_EQ(Rows().size(), files_.size());
  for (const Segment& row : Rows()) EXPECT_EQ(row.state, SegmentState::kRecovered);
  ExpectNothingLeftToDo();
}

}  // namespace
}  // namespace ronin::testing
