// SPDX-License-Identifier: MIT
#include "retention/stuck_files.h"

#include <numeric>

#include <gtest/gtest.h>

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;
using Ids = std::set<int64_t>;

class StuckFilesTest : public ::testing::Test {
 protected:
  /// A run in which the files cannot be deleted that are not left alone.
  void Run(const Ids& bad) {
    stuck_.Begin(now_);
    const Ids alone = stuck_.LeftAlone();
    tried_.clear();
    for (const int64_t id : bad) {
      if (alone.contains(id)) continue;
      tried_.insert(id);
      stuck_.Add(1, {id}, "immutable", now_);
    }
    stuck_.End();
  }

  StuckFiles stuck_;
  MonoTime now_ = MonoTime(1000s);
  Ids tried_;
};

TEST_F(StuckFilesTest, AreLeftAloneForLongerAndLongerUpToAnHour) {
  Run({7, 8});
  EXPECT_EQ(stuck_.LeftAlone(), (Ids{7, 8}));
  EXPECT_EQ(stuck_.Reasons().at(1), "immutable");

  for (const Micros wait : std::vector<Micros>{30s, 60s, 120s, 240s, 480s, 960s, 1920s, 1h, 1h}) {
    now_ += wait - 1s;
    Run({7, 8});
    EXPECT_TRUE(tried_.empty()) << wait.count();
    now_ += 1s;
    Run({7, 8});
    EXPECT_EQ(tried_, (Ids{7, 8})) << wait.count();
  }
}

TEST_F(StuckFilesTest, OneMoreWaitsWithTheOthers) {
  Run({7});
  now_ += 20s;
  Run({7, 8});
  EXPECT_EQ(tried_, Ids{8});

  now_ += 10s;
  Run({7, 8});
  EXPECT_EQ(tried_, (Ids{7, 8}));
}

TEST_F(StuckFilesTest, AreForgottenWhenTheyGoOrNeedNotGoAnyMore) {
  Run({7});
  now_ += 30s;
  Run({});

  EXPECT_TRUE(stuck_.LeftAlone().empty());
  EXPECT_TRUE(stuck_.Reasons().empty());
}

TEST_F(StuckFilesTest, WhenSomeGoTheRestIsTriedFromTheStartAgain) {
  Run({7, 8});
  now_ += 30s;
  Run({7, 8});
  now_ += 60s;
  stuck_.Begin(now_);
  stuck_.Deleted(2, {7});
  stuck_.Deleted(1, {9});
  stuck_.Deleted(1, {7});
  stuck_.Add(1, {8}, "immutable", now_);
  stuck_.Add(1, {}, "", now_);
  stuck_.End();

  now_ += 30s;
  Run({8});
  EXPECT_EQ(tried_, Ids{8}) << "and not two minutes later";
}

TEST_F(StuckFilesTest, AreTriedAtOnceWhenPeopleHaveChangedSomething) {
  Run({7});
  stuck_.TryAgain();

  Run({7});

  EXPECT_EQ(tried_, Ids{7});
}

TEST_F(StuckFilesTest, AVolumeWithTooManyIsLeftAloneAsAWhole) {
  std::vector<int64_t> many(StuckFiles::kMost - 1);
  std::iota(many.begin(), many.end(), 10);
  stuck_.Add(1, many, "immutable", now_);
  EXPECT_FALSE(stuck_.IsFull(1));

  stuck_.Add(1, {1}, "immutable", now_);

  EXPECT_TRUE(stuck_.IsFull(1));
  EXPECT_FALSE(stuck_.IsFull(2));
}

}  // namespace
}  // namespace ronin::retention
