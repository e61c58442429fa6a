// SPDX-License-Identifier: MIT
#include "recording/timeline.h"

#include <gtest/gtest.h>

#include "config/setting_store.h"
#include "support/temp_dir.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

WallTime Second(int64_t s) { return FromMicros((1'795'000'000 + s) * 1'000'000); }

class TimelineTest : public ::testing::Test {
 protected:
  int64_t Open(int64_t from, StreamKind stream = StreamKind::kMain) {
    SegmentStart start{
        .camera_id = 1, .stream = stream, .volume_id = volume_, .start = Second(from)};
    start.rel_path = std::string(ToString(stream)) + std::to_string(from);
    return catalog_->BeginSegment(start).value();
  }
  int64_t Record(int64_t from, int64_t to, StreamKind stream = StreamKind::kMain) {
    const int64_t id = Open(from, stream);
    EXPECT_TRUE(
        catalog_->FinishSegment(id, Second(to), 1000, (to - from) * 25, SegmentState::kComplete));
    return id;
  }
  Coverage Read(TimelineQuery query) {
    query.camera_id = 1;
    const auto got = ReadCoverage(*catalog_, *stores_.ledger, query);
    EXPECT_TRUE(got);
    return got.value_or(Coverage());
  }
  TimelineQuery Query(int64_t from, int64_t to) {
    return {.window = {Second(from), Second(to)},
            .now = Second(1000),
            .created = Second(0),
            .known = Second(1000)};
  }

  ronin::testing::TempDir dir_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  int64_t volume_ = catalog_->EnsureVolume("/srv/a").value();
};

TEST_F(TimelineTest, BeginsWhenTheCameraWasAddedAndEndsNow) {
  Record(10, 500);
  Record(500, 900);

  const auto got = Read(Query(-5000, 5000));

  EXPECT_EQ(got.spans, (std::vector<Span>{{Second(10), Second(900)}}));
  ASSERT_EQ(got.gaps.size(), 2U);
  EXPECT_EQ(got.gaps[0], (Gap{{Second(0), Second(10)}, {}}));
  EXPECT_EQ(got.gaps[1], (Gap{{Second(900), Second(1000)}, {}}));
}

TEST_F(TimelineTest, BeginsWithFootageThatIsOlderThanTheCamera) {
  Record(-100, 0);

  EXPECT_EQ(Read(Query(-5000, 0)).spans, (std::vector<Span>{{Second(-100), Second(0)}}));
}

TEST_F(TimelineTest, CountsTheFileThatGrowsUpToItsNewestFrame) {
  Open(10);
  auto query = Query(10, 5000);
  query.recording = true;
  query.known = Second(999);

  const auto got = Read(query);

  EXPECT_EQ(got.spans, (std::vector<Span>{{Second(10), Second(999)}}));
  EXPECT_TRUE(got.gaps.empty());
}

TEST_F(TimelineTest, LetsAFileThatIsBeingClosedEndWhereTheNextBegins) {
  Open(10);
  Open(500);
  auto query = Query(10, 1000);
  query.known = Second(800);

  const auto got = Read(query);

  EXPECT_EQ(got.spans, (std::vector<Span>{{Second(10), Second(800)}}));
  EXPECT_EQ(got.gaps, (std::vector<Gap>{{{Second(800), Second(1000)}, {}}}));
}

TEST_F(TimelineTest, TellsWhatWasWrittenDown) {
  Record(0, 900);
  ASSERT_TRUE(stores_.ledger->BeginGap(1, Second(901), {GapReason::kNetwork, "timeout"}));

  EXPECT_EQ(Read(Query(0, 5000)).gaps,
            (std::vector<Gap>{{{Second(900), Second(1000)}, {GapReason::kNetwork, "timeout"}}}));
}

TEST_F(TimelineTest, AShortHoleIsAGapWhereRecordingIsKnownToHaveBeenOff) {
  const Micros hole{80'000};  // two frames
  Record(0, 10);
  SegmentStart next{.camera_id = 1, .volume_id = volume_, .start = Second(10) + hole};
  next.rel_path = "next";
  ASSERT_TRUE(catalog_->FinishSegment(catalog_->BeginSegment(next).value(), Second(20), 1000, 248,
                                      SegmentState::kComplete));
  EXPECT_TRUE(Read(Query(0, 20)).gaps.empty());

  ASSERT_TRUE(stores_.ledger->AddGap({.camera_id = 1,
                                      .start = Second(9),
                                      .end = Second(10) + hole,
                                      .cause = {GapReason::kCrash, ""}}));

  EXPECT_EQ(Read(Query(0, 20)).gaps,
            (std::vector<Gap>{{{Second(10), Second(10) + hole}, {GapReason::kCrash, ""}}}));
}

TEST_F(TimelineTest, CallsAFileThatIsGoneDeleted) {
  const int64_t id = Record(0, 1000);
  ASSERT_TRUE(catalog_->SetState(id, SegmentState::kMissing));

  const auto got = Read(Query(100, 200));

  EXPECT_TRUE(got.spans.empty());
  EXPECT_EQ(
      got.gaps,
      (std::vector<Gap>{{{Second(100), Second(200)}, {GapReason::kDeleted, "file_missing"}}}));
}

TEST_F(TimelineTest, OfASubStreamBeginsWithItsFootage) {
  auto query = Query(0, 1000);
  query.stream = StreamKind::kSub;
  EXPECT_EQ(Read(query), Coverage());

  Record(400, 1000, StreamKind::kSub);

  EXPECT_EQ(Read(query).spans, (std::vector<Span>{{Second(400), Second(1000)}}));
  EXPECT_TRUE(Read(query).gaps.empty());
}

TEST_F(TimelineTest, OfYearsLooksAtTheRowsOfDaysWithHolesOnly) {
  constexpr int64_t kHour = 3600, kDay = 24 * kHour;
  const int64_t first = ToMicros(std::chrono::ceil<std::chrono::days>(Second(0))) / 1'000'000 -
                        ToMicros(Second(0)) / 1'000'000;
  // Ten days of files of an hour, which do not end with the day; ten minutes are missing on the
  // third day, nine hours on the sixth, and two days from the noon of the eighth.
  for (int64_t at = first - 1800; at < first + 10 * kDay; at += kHour) {
    const int64_t day = (at - first) / kDay, hour = (at - first) % kDay / kHour;
    if ((day == 5 && hour >= 3 && hour < 12) || (day == 7 && hour >= 12) || day == 8) continue;
    Record(at, at + (day == 2 && hour == 7 ? kHour - 600 : kHour));
  }
  auto query = Query(first, first + 10 * kDay);
  query.now = *query.known = Second(first + 20 * kDay);
  const Coverage exact = Read(query);
  EXPECT_EQ(exact.gaps.size(), 3U);

  query.resolution = 6h;
  const Coverage coarse = Read(query);

  EXPECT_EQ(coarse.gaps.size(), 2U);
  const auto expect_near = [](WallTime a, WallTime b) { EXPECT_LE(std::chrono::abs(a - b), 1h); };
  const Coverage seen = Coarsened(coarse, 6h), real = Coarsened(exact, 6h);
  ASSERT_EQ(seen.gaps.size(), real.gaps.size());
  ASSERT_EQ(seen.spans.size(), real.spans.size());
  for (size_t i = 0; i < real.gaps.size(); ++i) {
    expect_near(seen.gaps[i].start, real.gaps[i].start);
    expect_near(seen.gaps[i].end, real.gaps[i].end);
  }
  EXPECT_EQ(seen.spans.front().start, real.spans.front().start);
  EXPECT_EQ(seen.spans.back().end, real.spans.back().end);
}

TEST_F(TimelineTest, BeforeTheCameraAndInTheFutureIsEmpty) {
  EXPECT_EQ(Read(Query(-100, 0)), Coverage());
  EXPECT_EQ(Read(Query(1000, 2000)), Coverage());
}

TEST_F(TimelineTest, WhatRetentionDeletedSaysSo) {
  Record(400, 1000);
  ASSERT_TRUE(stores_.ledger->AddGap({.camera_id = 1,
                                      .start = Second(100),
                                      .end = Second(200),
                                      .cause = {GapReason::kNetwork, ""}}));
  ASSERT_TRUE(stores_.ledger->AddDeleted({{1, Second(0), Second(400)}}));

  const auto got = Read(Query(0, 1000));

  const GapCause deleted{GapReason::kDeleted, "retention"};
  EXPECT_EQ(got.gaps, (std::vector<Gap>{{{Second(0), Second(100)}, deleted},
                                        {{Second(100), Second(200)}, {GapReason::kNetwork, ""}},
                                        {{Second(200), Second(400)}, deleted}}));
}

}  // namespace
}  // namespace ronin::recording
