// SPDX-License-Identifier: MIT
// What a question costs does not grow with the catalog: counted in instructions of SQLite, because
// times depend on the machine.
#include <functional>
#include <numeric>

#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "support/big_catalog.h"
#include "support/step_counter.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

/// The same 12 cameras for 5 days and for 104 days.
class CatalogCostTest : public ::testing::Test {
 protected:
  static constexpr int kCameras = 12;
  static std::unique_ptr<Catalog> Make(const std::string& path, int days) {
    EXPECT_TRUE(testing::MakeBigCatalog(path, kCameras * 96 * days, kCameras));
    return OpenCatalog(path).value();
  }
  /// Fails when the question costs more in the large catalog.
  void ExpectSame(const char* what, const std::function<void(Catalog&)>& ask) {
    const int64_t small = testing::StepCounter::Of([&] { ask(small_); });
    const int64_t large = testing::StepCounter::Of([&] { ask(large_); });
    EXPECT_GT(small, 10) << what;
    EXPECT_LE(large, small + small / 5 + 100) << what;
  }
  static std::vector<int64_t> Cameras(size_t count) {
    std::vector<int64_t> out(count);
    std::iota(out.begin(), out.end(), 1);
    return out;
  }

  /// Made once for all tests, none of which changes them.
  struct Catalogs {
    testing::TempDir dir;
    testing::StepCounter counter;
    std::unique_ptr<Catalog> small = Make(dir / "small.db", 5);
    std::unique_ptr<Catalog> large = Make(dir / "large.db", 104);
  };
  static void SetUpTestSuite() { catalogs_ = std::make_unique<Catalogs>(); }
  static void TearDownTestSuite() { catalogs_.reset(); }

  static inline std::unique_ptr<Catalogs> catalogs_;
  Catalog& small_ = *catalogs_->small;
  Catalog& large_ = *catalogs_->large;
  const WallTime end_ = testing::kBigCatalogEnd;
};

TEST_F(CatalogCostTest, SumsCostTheSameHoweverManyRowsThereAre) {
  ExpectSame("totals", [](Catalog& catalog) { EXPECT_GE(catalog.Totals()->size(), 12U); });
  ExpectSame("reach", [](Catalog& catalog) { EXPECT_EQ(catalog.Reach()->size(), 12U); });
  ExpectSame("files", [](Catalog& catalog) { EXPECT_GT(catalog.CountFiles(1).value(), 5000); });
  ExpectSame("what is protected", [](Catalog& catalog) {
    EXPECT_EQ(catalog.ProtectedTotals()->size(), 0U);
    EXPECT_TRUE(catalog.List({.is_protected = true})->items.empty());
  });
  ExpectSame("days", [&](Catalog& catalog) {
    EXPECT_EQ(catalog.Days(end_ - 72h, end_)->size(), 3U * kCameras);
  });
}

TEST_F(CatalogCostTest, ADayCostsTheSameHoweverManyRowsThereAre) {
  ExpectSame("a day's spans", [&](Catalog& catalog) {
    int count = 0;
    ASSERT_TRUE(catalog.ForEachSpan(3, StreamKind::kMain, end_ - 24h, end_,
                                    [&](const SegmentSpan&) { ++count; }));
    EXPECT_GT(count, 90);
  });
  ExpectSame("what was first", [](Catalog& catalog) {
    EXPECT_TRUE(catalog.FirstStart(3, StreamKind::kMain).value());
  });
}

TEST_F(CatalogCostTest, APageCostsTheSameHoweverManyRowsThereAre) {
  for (const size_t cameras : {size_t(0), size_t(1), size_t(8), size_t(9)}) {
    SegmentQuery query{.camera_ids = Cameras(cameras), .start = end_ - 24h, .end = end_};
    ExpectSame("the first page of the last day", [&](Catalog& catalog) {
      const auto page = catalog.List(query);
      EXPECT_GE(page->items.size(), 95U);
      query.after = page->next.value_or("");
    });
    ExpectSame("another page of it", [&](Catalog& catalog) { EXPECT_TRUE(catalog.List(query)); });
    query = {.camera_ids = Cameras(cameras), .limit = 20};
    ExpectSame("a page of all",
               [&](Catalog& catalog) { EXPECT_EQ(catalog.List(query)->items.size(), 20U); });
  }
}

TEST_F(CatalogCostTest, APageCostsWhatItHas) {
  const SegmentQuery ten{.camera_ids = {1, 2}, .limit = 10};
  const SegmentQuery twenty{.camera_ids = {1, 2}, .limit = 20};

  const int64_t less = testing::StepCounter::Of([&] { EXPECT_TRUE(large_.List(ten)); });
  const int64_t more = testing::StepCounter::Of([&] { EXPECT_TRUE(large_.List(twenty)); });

  EXPECT_LT(less, more);
  EXPECT_LT(more, less * 3);
}

}  // namespace
}  // namespace ronin
