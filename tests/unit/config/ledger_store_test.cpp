// SPDX-License-Identifier: MIT
#include "config/ledger_store.h"

#include <gtest/gtest.h>

#include "config/setting_store.h"
#include "support/step_counter.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNoon{Micros(1'795'000'000'000'000)};
constexpr WallTime kLongAgo{};
const GapCause kNetwork{GapReason::kNetwork, "timeout"};
const GapCause kAuth{GapReason::kAuth, "unauthorized"};

class LedgerStoreTest : public ::testing::Test {
 protected:
  void Reopen() {
    stores_ = {};
    stores_ = OpenConfigStores(dir_ / "config.db").value();
  }
  LedgerStore& store() { return *stores_.ledger; }
  std::vector<GapRecord> All(int64_t camera_id = 1) {
    return store().Gaps(camera_id, kLongAgo, kNoon + 10000h).value();
  }

  testing::TempDir dir_;
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
};

TEST_F(LedgerStoreTest, KeepsAGapThatLastsOverAReopening) {
  ASSERT_TRUE(store().BeginGap(1, kNoon, kNetwork));

  Reopen();

  ASSERT_EQ(All().size(), 1U);
  EXPECT_EQ(All()[0], (GapRecord{.camera_id = 1, .start = kNoon, .end = {}, .cause = kNetwork}));
}

TEST_F(LedgerStoreTest, EndsAGapWhereTheNextReasonOfTheSameCameraBegins) {
  ASSERT_TRUE(store().BeginGap(1, kNoon, kNetwork));
  ASSERT_TRUE(store().BeginGap(2, kNoon, kNetwork));
  ASSERT_TRUE(store().BeginGap(1, kNoon + 5s, kAuth));
  ASSERT_TRUE(store().EndGap(1, kNoon + 9s));

  ASSERT_EQ(All().size(), 2U);
  EXPECT_EQ(All()[0].end, kNoon + 5s);
  EXPECT_EQ(All()[1].cause, kAuth);
  EXPECT_EQ(All()[1].end, kNoon + 9s);
  EXPECT_FALSE(All(2)[0].end);
}

TEST_F(LedgerStoreTest, FindsLongGapsThatBeganLongBefore) {
  const auto at = [](int hours) { return kNoon + std::chrono::hours(hours); };
  const auto gap = [&](int from, int to) {
    return GapRecord{.camera_id = 1, .start = at(from), .end = at(to), .cause = kNetwork};
  };
  const auto found = [&](int from, int to) { return store().Gaps(1, at(from), at(to)).value(); };
  using Gaps = std::vector<GapRecord>;
  ASSERT_TRUE(store().AddGaps({gap(0, 1000), gap(0, 1000), gap(5, 29), gap(6, 7)}));
  EXPECT_EQ(found(500, 501), (Gaps{gap(0, 1000), gap(0, 1000)}));
  EXPECT_EQ(found(28, 29), (Gaps{gap(0, 1000), gap(0, 1000), gap(5, 29)}));

  // Known by now: what comes is added to that.
  ASSERT_TRUE(store().AddGaps({gap(100, 900), gap(499, 501)}));
  ASSERT_TRUE(store().BeginGap(1, at(50), kAuth));
  const GapRecord lasting{.camera_id = 1, .start = at(50), .end = {}, .cause = kAuth};
  EXPECT_EQ(found(500, 501),
            (Gaps{gap(0, 1000), gap(0, 1000), lasting, gap(100, 900), gap(499, 501)}));
  ASSERT_TRUE(store().EndGap(1, at(950)));
  GapRecord over = lasting;
  over.end = at(950);
  EXPECT_EQ(found(940, 2000), (Gaps{gap(0, 1000), gap(0, 1000), over}));
  ASSERT_TRUE(store().TrimGaps(1));
  EXPECT_EQ(found(500, 501), Gaps{gap(499, 501)}) << "the others were forgotten";
}

TEST_F(LedgerStoreTest, WhatWasLongAgoCostsNothing) {
  testing::StepCounter counter;
  Reopen();
  std::vector<GapRecord> gaps;
  const auto add = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const WallTime start = kNoon + std::chrono::minutes(gaps.size());
      gaps.push_back({.camera_id = 1, .start = start, .end = start + 30s, .cause = kNetwork});
    }
    EXPECT_TRUE(store().AddGaps({gaps.end() - count, gaps.end()}));
  };
  const auto cost_of_an_hour = [&] {
    const WallTime end = gaps.back().start + 1min;
    return testing::StepCounter::Of(
        [&] { EXPECT_EQ(store().Gaps(1, end - 1h, end)->size(), 60U); });
  };
  add(3000);
  cost_of_an_hour();
  const int64_t few = cost_of_an_hour();
  add(6000);

  EXPECT_LE(cost_of_an_hour(), few + few / 10);
}

TEST_F(LedgerStoreTest, TheGapsOfASubStreamAreItsOwn) {
  const StreamId sub(1, StreamKind::kSub);
  ASSERT_TRUE(store().BeginGap(1, kNoon, kNetwork));
  ASSERT_TRUE(store().BeginGap(sub, kNoon + 1s, kAuth));
  ASSERT_TRUE(store().EndGap(1, kNoon + 5s));
  ASSERT_TRUE(store().AddGap({.camera_id = 1,
                              .stream = StreamKind::kSub,
                              .start = kNoon - 9s,
                              .end = kNoon - 8s,
                              .cause = kNetwork}));

  EXPECT_EQ(All(), (std::vector<GapRecord>{
                       {.camera_id = 1, .start = kNoon, .end = kNoon + 5s, .cause = kNetwork}}));
  const auto of_sub = store().Gaps(sub, kLongAgo, kNoon + 10000h).value();
  ASSERT_EQ(of_sub.size(), 2U);
  EXPECT_EQ(of_sub[1].stream_id(), sub);
  EXPECT_EQ(of_sub[1].cause, kAuth);
  EXPECT_FALSE(of_sub[1].end) << "it lasts";
  EXPECT_EQ(store().FindLastRun()->lasting, std::vector{of_sub[1]});

  ASSERT_TRUE(store().TrimGaps(1));
  EXPECT_EQ(All().size(), 1U) << "each stream keeps its newest";
  EXPECT_EQ(store().Gaps(sub, kLongAgo, kNoon + 10000h)->size(), 1U);
}

TEST_F(LedgerStoreTest, ForgetsAGapWithoutLength) {
  ASSERT_TRUE(store().BeginGap(1, kNoon, kNetwork));
  ASSERT_TRUE(store().EndGap(1, kNoon));
  ASSERT_TRUE(store().BeginGap(1, kNoon, kNetwork));
  ASSERT_TRUE(store().BeginGap(1, kNoon - 1s, kAuth));
  ASSERT_TRUE(store().EndGap(1, kNoon - 2s));
  ASSERT_TRUE(store().EndGap(1, kNoon)) << "nothing lasts";
  ASSERT_TRUE(store().AddGap({.camera_id = 1, .start = kNoon, .end = kNoon, .cause = kAuth}));

  EXPECT_TRUE(All().empty());
}

TEST_F(LedgerStoreTest, FindsWhatOverlapsATime) {
  ASSERT_TRUE(store().AddGap(
      {.camera_id = 1, .start = kNoon, .end = kNoon + 5s, .cause = kAuth, .in_file = true}));
  ASSERT_TRUE(store().BeginGap(1, kNoon + 10s, kNetwork));

  EXPECT_EQ(store().Gaps(1, kNoon + 5s, kNoon + 10s)->size(), 0U);
  EXPECT_EQ(store().Gaps(1, kNoon + 4s, kNoon + 10s)->size(), 1U);
  EXPECT_TRUE(store().Gaps(1, kNoon + 4s, kNoon + 10s)->front().in_file);
  EXPECT_EQ(store().Gaps(1, kNoon + 5000h, kNoon + 6000h)->size(), 1U) << "it lasts";
}

TEST_F(LedgerStoreTest, KeepsOnlyTheNewestGapsOfEachCamera) {
  for (int i = 0; i < 5; ++i) {
    const WallTime start = kNoon + i * 10s;
    ASSERT_TRUE(
        store().AddGap({.camera_id = 1, .start = start, .end = start + 1s, .cause = kAuth}));
  }
  ASSERT_TRUE(store().BeginGap(2, kNoon, kNetwork));

  ASSERT_TRUE(store().TrimGaps(2));

  ASSERT_EQ(All().size(), 2U);
  EXPECT_EQ(All()[0].start, kNoon + 30s);
  EXPECT_EQ(All(2).size(), 1U);
}

TEST_F(LedgerStoreTest, TellsHowTheLastRunEndedAndWhatLasted) {
  const auto none = store().FindLastRun();
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->last);
  ASSERT_TRUE(store().BeginRun(none->next_id, "boot-a", kNoon));
  ASSERT_TRUE(store().Beat(none->next_id, kNoon + 10s));
  ASSERT_TRUE(store().BeginGap(1, kNoon, kNetwork));

  Reopen();
  const auto first = store().FindLastRun();
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->last);
  EXPECT_EQ(first->last->id, none->next_id);
  EXPECT_EQ(first->last->boot_id, "boot-a");
  EXPECT_EQ(first->last->started, kNoon);
  EXPECT_EQ(first->last->alive, kNoon + 10s);
  EXPECT_FALSE(first->last->clean);
  ASSERT_EQ(first->lasting.size(), 1U);
  EXPECT_EQ(first->lasting[0].cause, kNetwork);

  ASSERT_TRUE(store().BeginRun(first->next_id, "boot-b", kNoon + 60s));
  ASSERT_TRUE(store().EndRun(first->next_id, kNoon + 70s));
  const auto second = store().FindLastRun();
  EXPECT_TRUE(second->last->clean);
  EXPECT_EQ(second->last->alive, kNoon + 70s);
}

TEST_F(LedgerStoreTest, KnowsItsReasonsByTheirNames) {
  for (int i = 0; i <= int(GapReason::kDeleted); ++i) {
    const auto reason = GapReason(i);
    EXPECT_EQ(GapReasonFromText(ToString(reason)), reason);
    EXPECT_TRUE(
        store().AddGap({.camera_id = 7, .start = kNoon, .end = kNoon + 1s, .cause = {reason, ""}}))
        << ToString(reason);
  }
  EXPECT_EQ(GapReasonFromText("mice"), GapReason::kUnknown);
  EXPECT_EQ(All(7).size(), size_t(GapReason::kDeleted) + 1);
}

TEST_F(LedgerStoreTest, TakesStepsOfTheClock) {
  EXPECT_EQ(store().FindLastRun()->clock_epoch, 0);

  EXPECT_TRUE(store().AddClockStep(1, kNoon, kNoon - 1h));
  EXPECT_TRUE(store().AddClockStep(2, kNoon, kNoon + 1h));
  EXPECT_EQ(store().FindLastRun()->clock_epoch, 2);
}

TEST_F(LedgerStoreTest, KeepsOneSpanOfWhatWasDeletedHoweverManyFilesThereWere) {
  const StreamId sub(1, StreamKind::kSub);
  EXPECT_EQ(store().Deleted(1).value(), std::nullopt);

  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store().AddDeleted({{1, kNoon + i * 1min, kNoon + (i + 1) * 1min}}));
  }
  ASSERT_TRUE(store().AddDeleted({{1, kNoon + 2min, kNoon + 3min}, {sub, kNoon, kNoon + 1min}}))
      << "told twice, after a crash";

  const auto span = store().Deleted(1).value();
  ASSERT_TRUE(span);
  EXPECT_EQ(
      *span,
      (GapRecord{
          1, StreamKind::kMain, kNoon, kNoon + 10min, {GapReason::kDeleted, "retention"}, false}));
  EXPECT_EQ(store().Deleted(sub)->value().end, kNoon + 1min);
}

}  // namespace
}  // namespace ronin
