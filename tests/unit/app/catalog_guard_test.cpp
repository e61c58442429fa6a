// SPDX-License-Identifier: MIT
#include "app/catalog_guard.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/ask.h"
#include "support/big_catalog.h"
#include "support/damage.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::app {
namespace {

const Error kDamage{ErrorKind::kCorrupt, "a page is not one"};

class CatalogGuardTest : public ::testing::Test {
 protected:
  ~CatalogGuardTest() override {
    guard_.reset();
    database_.Stop();
  }
  /// @param damaged  a table or an index; empty: it is whole
  void Make(const std::string& damaged) {
    ASSERT_TRUE(testing::MakeBigCatalog(path_, 2'000, 4));
    if (!damaged.empty()) testing::Damage(path_, damaged);
    catalog_ = OpenCatalog(path_, clock_).value();
    guard_ =
        std::make_unique<CatalogGuard>(CatalogGuard::Context{.clock = clock_,
                                                             .path = path_,
                                                             .catalog = *catalog_,
                                                             .database = database_,
                                                             .alarms = alarms_,
                                                             .replaced = [this] { ++replaced_; },
                                                             .filled = [this] { return filled_; }});
  }
  int64_t Files() {
    return AskAndWait(database_, [this] { return catalog_->CountFiles(1); }).value();
  }
  size_t CountAside() const {
    size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(dir_ / "")) {
      if (file.path().string().find(".corrupt-") != std::string::npos) ++count;
    }
    return count;
  }
  bool IsRaised() const { return alarms_.Count(AlarmKind::kCatalogDamaged) == 1; }
  /// Until what was begun before it is over.
  void Settle() {
    guard_->Check();
    ASSERT_TRUE(testing::PumpUntil([this] { return !guard_->checking(); }));
  }

  testing::TempDir dir_;
  const std::string path_ = dir_ / "catalog.db";
  testing::FakeClock clock_;
  Alarms alarms_{clock_};
  std::unique_ptr<Catalog> catalog_;
  Worker database_{"catalog"};
  int replaced_ = 0;
  bool filled_ = false;
  std::unique_ptr<CatalogGuard> guard_;
};

TEST_F(CatalogGuardTest, LeavesAWholeCatalogAlone) {
  Make("");

  Settle();

  EXPECT_EQ(replaced_, 0);
  EXPECT_GT(Files(), 1'000);
  EXPECT_FALSE(IsRaised());
}

TEST_F(CatalogGuardTest, ReplacesADamagedOneAndTellsUntilItIsFilled) {
  Make("segment_movable");

  guard_->Check();

  ASSERT_TRUE(testing::PumpUntil([this] { return replaced_ == 1; }));
  EXPECT_EQ(Files(), 0);
  EXPECT_EQ(CountAside(), 1U);
  EXPECT_TRUE(IsRaised());
  filled_ = true;
  EXPECT_TRUE(testing::PumpUntil([this] { return !IsRaised(); }));
}

TEST_F(CatalogGuardTest, ReplacesOneWhoseDamageIsMetWhileItIsChecked) {
  Make("segment_movable");

  guard_->Check();
  guard_->Replace(kDamage);
  guard_->Replace(kDamage);

  ASSERT_TRUE(testing::PumpUntil([this] { return replaced_ > 0; }));
  Settle();
  EXPECT_EQ(replaced_, 1);
  EXPECT_EQ(CountAside(), 1U);
}

TEST_F(CatalogGuardTest, DoesNotBeginAnewAgainAndAgainOnADiskThatDamagesAll) {
  Make("");
  guard_->Replace(kDamage);
  ASSERT_TRUE(testing::PumpUntil([this] { return replaced_ == 1; }));

  guard_->Replace(kDamage);
  Settle();
  EXPECT_EQ(replaced_, 1);

  clock_.Advance(std::chrono::minutes(2));
  guard_->Replace(kDamage);
  EXPECT_TRUE(testing::PumpUntil([this] { return replaced_ == 2; }));
}

TEST_F(CatalogGuardTest, EndsWhileItChecks) {
  Make("segment_movable");
  guard_->Check();

  guard_.reset();

  EXPECT_EQ(replaced_, 0);
  EXPECT_GT(Files(), 1'000);
}

}  // namespace
}  // namespace ronin::app
