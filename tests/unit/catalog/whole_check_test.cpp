// SPDX-License-Identifier: MIT
#include "catalog/whole_check.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "support/big_catalog.h"
#include "support/damage.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

constexpr int64_t kRows = 20'000;
const Error kDamage{ErrorKind::kCorrupt, "it is damaged"};

/// Bytes that this process has read from files and pages so far.
int64_t BytesRead() {
  std::ifstream io("/proc/self/io");
  std::string name;
  int64_t bytes = 0;
  while (io >> name >> bytes && name != "rchar:") {
  }
  return bytes;
}

class WholeCheckTest : public ::testing::Test {
 protected:
  WholeCheckTest() { EXPECT_TRUE(testing::MakeBigCatalog(path_, kRows, 4)); }
  bool IsKeptAside() const {
    return std::filesystem::exists(path_ + ".corrupt-2026-11-18T11-06-40Z");
  }

  testing::TempDir dir_;
  const std::string path_ = dir_ / "catalog.db";
  testing::FakeClock clock_;
};

TEST_F(WholeCheckTest, OpeningReadsAFewPagesOfALargeCatalog) {
  ASSERT_GT(std::filesystem::file_size(path_), 4'000'000U);
  const int64_t before = BytesRead();

  const auto catalog = OpenCatalog(path_, clock_);

  ASSERT_TRUE(catalog) << catalog.error().Text();
  EXPECT_LT(BytesRead() - before, 300'000);
}

TEST_F(WholeCheckTest, FindsNothingInAWholeOneBesideItsWriter) {
  const auto catalog = OpenCatalog(path_, clock_).value();
  ASSERT_TRUE(catalog->EnsureVolume("/srv/new"));

  const auto checked = WholeCheck(path_).Run();

  EXPECT_TRUE(checked) << checked.error().Text();
  EXPECT_TRUE(catalog->EnsureVolume("/srv/newer"));
}

TEST_F(WholeCheckTest, FindsWhatOpeningDoesNotSee) {
  testing::Damage(path_, "segment_movable");
  const auto catalog = OpenCatalog(path_, clock_);
  ASSERT_TRUE(catalog) << catalog.error().Text();
  ASSERT_FALSE(IsKeptAside());

  const auto checked = WholeCheck(path_).Run();

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kCorrupt);
}

TEST_F(WholeCheckTest, EndsWhenItIsStopped) {
  testing::Damage(path_, "segment_movable");
  WholeCheck check(path_);
  check.Stop();

  EXPECT_EQ(check.Run().error().kind, ErrorKind::kUnavailable);
}

TEST_F(WholeCheckTest, OpeningSeesThatASumCannotBeReadOrATableIsGone) {
  testing::Damage(path_, "segment_total");
  EXPECT_TRUE(OpenCatalog(path_, clock_).value()->Totals()->empty());
  EXPECT_TRUE(IsKeptAside());

  clock_.Step(Micros(1'000'000));
  ASSERT_TRUE(Database::Open(path_)->Execute("DROP TABLE segment_total"));
  EXPECT_TRUE(OpenCatalog(path_, clock_).value()->Totals()->empty());
}

TEST_F(WholeCheckTest, ACatalogThatBeginsAnewHasTheVolumesAndNoIdOfBefore) {
  testing::Damage(path_, "segment_movable");
  const auto catalog = OpenCatalog(path_, clock_).value();
  const int64_t volume =
      catalog->EnsureVolume("/srv/b", "00000000-0000-0000-0000-00000000000b").value();

  const auto done = catalog->BeginAnew(kDamage, clock_.Now());

  ASSERT_TRUE(done) << done.error().Text();
  EXPECT_TRUE(IsKeptAside());
  EXPECT_TRUE(WholeCheck(path_).Run());
  EXPECT_EQ(catalog->CountFiles(1).value(), 0);
  const auto volumes = catalog->Volumes().value();
  ASSERT_EQ(volumes.size(), 2U);
  EXPECT_EQ(volumes[1].id, volume);
  EXPECT_EQ(volumes[1].path, "/srv/b");
  const SegmentStart row{.camera_id = 1, .volume_id = volume, .rel_path = "a.mp4"};
  const auto id = catalog->BeginSegment(row);
  ASSERT_TRUE(id) << id.error().Text();
  EXPECT_GT(*id, kRows);
}

TEST_F(WholeCheckTest, ACatalogThatCannotBeginAnewFailsUntilItCan) {
  // Nothing can be moved, nor made, where there is no folder.
  const std::string folder = dir_ / "sub", away = dir_ / "away";
  std::filesystem::create_directory(folder);
  const auto catalog = OpenCatalog(folder + "/catalog.db", clock_).value();
  std::filesystem::rename(folder, away);

  EXPECT_FALSE(catalog->BeginAnew(kDamage, clock_.Now()));
  EXPECT_EQ(catalog->Totals().error().kind, ErrorKind::kUnavailable);

  std::filesystem::rename(away, folder);
  EXPECT_TRUE(catalog->BeginAnew(kDamage, clock_.Now()));
  EXPECT_TRUE(catalog->Totals());
}

}  // namespace
}  // namespace ronin
