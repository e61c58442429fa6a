// SPDX-License-Identifier: MIT
#include "retention/policy.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{Micros(1'795'000'000'000'000)};
constexpr auto kDay = 24h;

/// A catalog in memory: files of an hour and 100 bytes.
class PolicyTest : public ::testing::Test {
 protected:
  PolicyTest() { facts_.now = kNow; }

  /// A file that began so many hours ago.
  int64_t Add(const Lane& lane, int hours_ago, int64_t size = 100) {
    return AddAt(lane, kNow - hours_ago * 1h, size);
  }
  int64_t AddAt(const Lane& lane, WallTime start, int64_t size = 100) {
    files_[lane].push_back({++last_id_, start, start + 1h, size});
    return last_id_;
  }
  StreamLimits& LimitsOfLane(const Lane& lane) { return limits_[lane]; }
  void Volume(int64_t id, int64_t need_bytes = 0, int64_t need_files = 0) {
    facts_.volumes.push_back({id, need_bytes, need_files});
  }

  Result<Verdict> Run(size_t most = 1000) {
    went_.clear();
    facts_.lanes.clear();
    for (auto& [lane, files] : files_) {
      std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
        return std::pair(a.start, a.id) < std::pair(b.start, b.id);
      });
      int64_t size = 0;
      for (const OldSegment& file : files) size += file.size_bytes;
      facts_.lanes.push_back({lane, size, limits_[lane]});
    }
    return Decide(
        facts_,
        [this](const Lane& lane, const LanePlace& place, int limit) {
          return Read(lane, place, limit);
        },
        [&](const Deletion& deletion) {
          went_.emplace_back(deletion.segment.id, deletion.why);
          return went_.size() < most;
        });
  }
  Result<std::vector<OldSegment>> Read(const Lane& lane, const LanePlace& place, int limit) {
    if (fails_ || reads_left_-- == 0) return Fail(ErrorKind::kUnavailable, "locked");
    std::vector<OldSegment> out;
    for (const OldSegment& file : files_[lane]) {
      const bool behind = std::pair(file.start, file.id) > std::pair(place.from, place.after_id);
      if (behind && file.start < place.to && int(out.size()) < limit) out.push_back(file);
    }
    read_ += out.size();
    return out;
  }

  using Went = std::vector<std::pair<int64_t, Why>>;
  const Lane a_{1, 1, StreamKind::kMain};
  const Lane b_{1, 2, StreamKind::kMain};
  const Lane a_sub_{1, 1, StreamKind::kSub};
  const Lane a_else_{2, 1, StreamKind::kMain};
  Facts facts_;
  Went went_;
  size_t read_ = 0;
  bool fails_ = false;
  int reads_left_ = -1;  // then it fails

 private:
  int64_t last_id_ = 0;
  std::map<Lane, std::vector<OldSegment>> files_;
  std::map<Lane, StreamLimits> limits_;
};

TEST_F(PolicyTest, WithoutLimitsAndWithRoomNothingGoes) {
  Add(a_, 100'000);
  Volume(1);

  const auto verdict = Run().value();

  EXPECT_TRUE(went_.empty());
  EXPECT_TRUE(verdict.all);
  EXPECT_EQ(verdict.left_bytes, 100);
}

TEST_F(PolicyTest, WhatIsOlderThanItsCameraKeepsGoesOnceAllOfItIs) {
  const int64_t old = Add(a_, 30);
  Add(a_, 24);  // its end is younger
  Add(b_, 300);
  const int64_t just = Add(a_, 25);
  Volume(1);
  LimitsOfLane(a_).max_age = kDay;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{old, Why::kAge}, {just, Why::kAge}}));
}

TEST_F(PolicyTest, WhileTheClockIsNotTrustedNothingGoesByAge) {
  Add(a_, 300);
  Volume(1);
  LimitsOfLane(a_).max_age = kDay;
  facts_.clock_is_trusted = false;

  ASSERT_TRUE(Run());
  EXPECT_TRUE(went_.empty());

  facts_.volumes[0].need_bytes = 1;
  ASSERT_TRUE(Run());
  EXPECT_EQ(went_, (Went{{1, Why::kSpace}})) << "but room is made";
}

TEST_F(PolicyTest, AStreamThatTakesMoreThanItMayLosesItsOldestOnWhateverVolume) {
  const int64_t second = Add(a_, 9);
  const int64_t first = Add(a_else_, 10);
  Add(a_, 8);
  Add(a_else_, 7);
  Add(b_, 20);
  Volume(1);
  Volume(2);
  LimitsOfLane(a_).max_bytes = 200;
  LimitsOfLane(a_else_).max_bytes = 200;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{first, Why::kOwnBytes}, {second, Why::kOwnBytes}}));
}

TEST_F(PolicyTest, WhatPassesALimitOfItsOwnGoesBeforeTheOldestOfAll) {
  Add(b_, 50);
  const int64_t over = Add(a_, 9);
  Add(a_, 8);
  Volume(1);
  LimitsOfLane(a_).max_bytes = 100;
  facts_.max_bytes = 200;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{over, Why::kOwnBytes}})) << "and that was enough for all";
}

TEST_F(PolicyTest, AllTogetherLoseTheOldestOfAll) {
  const int64_t second = Add(a_, 9);
  const int64_t first = Add(b_, 10);
  Add(a_, 5);
  Volume(1);
  facts_.max_bytes = 100;

  const auto verdict = Run().value();

  EXPECT_EQ(went_, (Went{{first, Why::kAllBytes}, {second, Why::kAllBytes}}));
  EXPECT_FALSE(verdict.over_limit);
}

TEST_F(PolicyTest, SubStreamsHaveALimitOfTheirOwn) {
  Add(a_, 50);
  const int64_t sub = Add(a_sub_, 10);
  Add(a_sub_, 9);
  Volume(1);
  facts_.max_sub_bytes = 100;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{sub, Why::kSubBytes}}));
}

TEST_F(PolicyTest, WhatACameraKeepsAtLeastWinsOverTheLimitsOfAll) {
  Add(a_, 50);
  Add(a_sub_, 50);
  const int64_t other = Add(b_, 3);
  Volume(1);
  LimitsOfLane(a_).min_age = kDay * 7;
  LimitsOfLane(a_sub_).min_age = kDay * 7;
  facts_.max_bytes = 100;
  facts_.max_sub_bytes = 10;

  const auto verdict = Run().value();

  EXPECT_EQ(went_, (Went{{other, Why::kAllBytes}}));
  EXPECT_TRUE(verdict.over_limit);
}

TEST_F(PolicyTest, ButNotOverItsOwnLimits) {
  Add(a_, 50);
  Add(a_, 49);
  Volume(1);
  LimitsOfLane(a_) = {.max_age = {}, .max_bytes = 100, .min_age = kDay * 7};

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{1, Why::kOwnBytes}}));
}

TEST_F(PolicyTest, ForRoomTheOldestOfTheVolumeGoesAndNoMoreThanIsNeeded) {
  Add(a_else_, 100);
  const int64_t second = Add(a_, 9);
  const int64_t first = Add(b_, 10);
  Add(b_, 8);
  Volume(1, 150);
  Volume(2);

  const auto verdict = Run().value();

  EXPECT_EQ(went_, (Went{{first, Why::kSpace}, {second, Why::kSpace}}));
  EXPECT_TRUE(verdict.too_full.empty());
}

TEST_F(PolicyTest, ForRoomWhatPassesALimitGoesFirst) {
  Add(b_, 50);
  const int64_t aged = Add(a_, 30);
  const int64_t over = Add(a_sub_, 12);
  Add(a_sub_, 11);
  Volume(1, 150);
  LimitsOfLane(a_).max_age = kDay;
  LimitsOfLane(a_sub_).max_bytes = 100;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{aged, Why::kAge}, {over, Why::kOwnBytes}}));
}

TEST_F(PolicyTest, WhatIsKeptAtLeastGoesForRoomOnlyWhenNothingElseIsLeft) {
  const int64_t kept = Add(a_, 50);
  Add(a_, 40);
  const int64_t other = Add(b_, 3);
  Volume(1, 200);
  LimitsOfLane(a_).min_age = kDay * 7;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{other, Why::kSpace}, {kept, Why::kShortSpace}}));
}

TEST_F(PolicyTest, SaysWhichVolumesCannotGetTheRoomTheyNeed) {
  Add(a_, 5);
  Volume(1, 150);
  Volume(3, 1);

  EXPECT_EQ(Run()->too_full, (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(went_.size(), 1U);
}

TEST_F(PolicyTest, WhenFilesRunOutTheirSizeDoesNotCount) {
  Add(a_, 9, 0);  // missing: nothing becomes free
  Add(a_, 8, 1'000'000);
  Add(a_, 7);
  Add(a_, 6);
  Volume(1, 0, 2);

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_.size(), 3U);
}

TEST_F(PolicyTest, ALaneOfAVolumeThatIsAwayCountsButLosesNothing) {
  Add(a_else_, 100);
  const int64_t here = Add(a_, 10);
  Add(a_, 9);
  Volume(1);
  facts_.max_bytes = 250;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{here, Why::kAllBytes}}));
}

TEST_F(PolicyTest, WhatIsBeingPlayedIsPassedOver) {
  facts_.spared.insert(Add(a_, 10));
  const int64_t next = Add(a_, 9);
  Volume(1, 100);

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{next, Why::kSpace}}));
}

TEST_F(PolicyTest, StopsWhenTheCallerHasEnough) {
  for (int i = 0; i < 50; ++i) Add(a_, 100 + i);
  Volume(1);
  LimitsOfLane(a_).max_age = kDay;

  EXPECT_FALSE(Run(20)->all);
  EXPECT_EQ(went_.size(), 20U);
}

TEST_F(PolicyTest, ReadsNoMoreOfALaneThanItNeeds) {
  for (int i = 0; i < 5000; ++i) Add(a_, 10 + i);
  Add(a_, 100'000);
  Volume(1, 100);

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_.size(), 1U);
  EXPECT_LT(read_, 20U);
}

TEST_F(PolicyTest, GoesThroughALaneOfManyPagesInOrder) {
  for (int i = 0; i < 1700; ++i) Add(a_, 10'000 - i);
  Volume(1);
  LimitsOfLane(a_).max_age = kDay;

  ASSERT_TRUE(Run(100'000));

  ASSERT_EQ(went_.size(), 1700U);
  for (size_t i = 0; i < went_.size(); ++i) EXPECT_EQ(went_[i].first, int64_t(i) + 1);
}

TEST_F(PolicyTest, FailsWhenTheCatalogDoes) {
  Add(a_, 10);
  Volume(1, 100);
  fails_ = true;

  EXPECT_EQ(Run().error().kind, ErrorKind::kUnavailable);
  facts_.volumes[0].need_bytes = 0;
  EXPECT_EQ(Run().error().kind, ErrorKind::kUnavailable);
}

TEST_F(PolicyTest, WhatAWrongClockDatedTooEarlyIsAsOldAsItReallyIs) {
  const WallTime wrong = kNow - kDay * 10'000;
  const int64_t fresh = AddAt(a_, wrong + 1h);
  const int64_t old = Add(a_, 50);
  Add(a_, 10);
  Volume(1);
  LimitsOfLane(a_).max_age = kDay;
  facts_.mistakes = {{wrong, wrong + 5h, kNow - 20h}};

  ASSERT_TRUE(Run());
  EXPECT_EQ(went_, (Went{{old, Why::kAge}}));

  facts_.volumes[0].need_bytes = 200;
  ASSERT_TRUE(Run());
  EXPECT_EQ(went_, (Went{{old, Why::kAge}, {fresh, Why::kSpace}})) << "in the order it really was";
}

TEST_F(PolicyTest, WhatAWrongClockDatedTooLateGrowsOldAllTheSame) {
  const WallTime wrong = kNow + kDay * 400;
  const int64_t future = AddAt(a_, wrong + 1h);
  const int64_t also = AddAt(a_, wrong + kDay * 100 + 1h);
  Add(a_, 10);
  Volume(1);
  LimitsOfLane(a_).max_age = kDay;
  // Two mistakes whose dates overlap: nothing is read twice.
  facts_.mistakes = {{wrong, wrong + kDay * 101, kNow - kDay * 200},
                     {wrong + kDay * 100, wrong + kDay * 102, kNow - kDay * 50},
                     {wrong, wrong + 1h, kNow - kDay * 30}};

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{future, Why::kAge}, {also, Why::kAge}}));
}

TEST_F(PolicyTest, FailsWhenTheCatalogDoesOnALaterPage) {
  for (int i = 0; i < 40; ++i) Add(a_sub_, 100 + i);
  LimitsOfLane(a_sub_).min_age = kDay;
  Volume(1);
  const auto fails = [this] {
    reads_left_ = 1;
    return !Run() && went_.size() == 8;
  };

  LimitsOfLane(a_sub_).max_age = kDay;
  EXPECT_TRUE(fails()) << "by age";
  LimitsOfLane(a_sub_) = {.max_age = {}, .max_bytes = 100, .min_age = {}};
  EXPECT_TRUE(fails()) << "by its own bytes";
  facts_.volumes[0].need_bytes = 10'000;
  EXPECT_TRUE(fails()) << "the same for room";
  LimitsOfLane(a_sub_) = {};
  EXPECT_TRUE(fails()) << "for room";
  LimitsOfLane(a_sub_).min_age = kDay * 100;
  EXPECT_TRUE(fails()) << "for room, of what is kept at least";
  LimitsOfLane(a_sub_) = {};
  facts_.volumes[0].need_bytes = 0;
  facts_.max_sub_bytes = 100;
  EXPECT_TRUE(fails()) << "of all sub streams";
  facts_.max_sub_bytes = {};
  facts_.max_bytes = 100;
  EXPECT_TRUE(fails()) << "of all";
}

TEST_F(PolicyTest, StopsInTheMiddleOfMakingRoom) {
  Add(a_, 10);
  Add(a_, 9);
  Add(b_, 8);
  Volume(1, 1000);

  const auto verdict = Run(1).value();

  EXPECT_EQ(went_.size(), 1U);
  EXPECT_FALSE(verdict.all);
}

TEST_F(PolicyTest, WhatIsTooOldGoesThoughThereIsRoomAgain) {
  for (int i = 0; i < 3; ++i) Add(a_, 50 + i);
  Volume(1, 150);
  LimitsOfLane(a_).max_age = kDay;

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{3, Why::kAge}, {2, Why::kAge}, {1, Why::kAge}}));
}

TEST_F(PolicyTest, SubStreamsTooCanBeKeptAtLeastWhenTheirVolumeNeedsRoom) {
  const int64_t kept = Add(a_sub_, 50);
  const int64_t other = Add(a_, 5);
  Volume(1, 150);
  LimitsOfLane(a_sub_).min_age = kDay * 7;
  facts_.max_sub_bytes = 0;

  const auto verdict = Run().value();

  EXPECT_EQ(went_, (Went{{other, Why::kSpace}, {kept, Why::kShortSpace}}));
  EXPECT_FALSE(verdict.over_limit);
}

TEST_F(PolicyTest, SaysThatALimitOfAllIsPassedByWhatIsKeptAtLeast) {
  Add(a_, 50);
  Volume(1);
  LimitsOfLane(a_).min_age = kDay * 7;
  facts_.max_bytes = 10;
  facts_.max_sub_bytes = 10;

  EXPECT_TRUE(Run()->over_limit);
  EXPECT_TRUE(went_.empty());
}

TEST_F(PolicyTest, SaysWhichVolumesLackFiles) {
  Add(a_, 50);
  Volume(1, 0, 2);

  EXPECT_EQ(Run()->too_full, std::vector<int64_t>{1});
  EXPECT_EQ(went_.size(), 1U);
}

TEST_F(PolicyTest, AMistakeChangesNothingOutsideOfIt) {
  const int64_t old = Add(a_, 50);
  Volume(1, 100);
  facts_.mistakes = {{kNow - 60h, kNow - 60h, kNow - 10h},
                     {kNow - 40h, kNow - 30h, kNow - 40h},
                     {kNow - 20h, kNow - 10h, kNow - 15h}};

  ASSERT_TRUE(Run());

  EXPECT_EQ(went_, (Went{{old, Why::kSpace}}));
}

}  // namespace
}  // namespace ronin::retention
