// SPDX-License-Identifier: MIT
#include "catalog/catalog.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

WallTime At(int64_t seconds) { return FromMicros((1'795'000'000 + seconds) * 1'000'000); }

class CatalogTest : public ::testing::Test {
 protected:
  SegmentStart Start(int64_t camera, int64_t second, StreamKind stream = StreamKind::kMain) {
    return {camera,
            stream,
            volume_,
            std::to_string(camera) + "/" + std::string(ToString(stream)) + std::to_string(second),
            At(second),
            SegmentVideo{"h264", 1920, 1080},
            SegmentAudio{"aac", 16000, 1}};
  }
  int64_t Begin(int64_t camera, int64_t second, StreamKind stream = StreamKind::kMain) {
    const auto id = catalog_->BeginSegment(Start(camera, second, stream));
    EXPECT_TRUE(id) << id.error().Text();
    return id.value_or(0);
  }
  int64_t Record(int64_t camera, int64_t from, int64_t to, StreamKind stream = StreamKind::kMain) {
    const int64_t id = Begin(camera, from, stream);
    EXPECT_TRUE(catalog_->FinishSegment(id, At(to), 1000, 250, SegmentState::kComplete));
    return id;
  }
  std::vector<int64_t> Ids(const SegmentQuery& query) {
    const auto page = catalog_->List(query);
    EXPECT_TRUE(page) << page.error().Text();
    std::vector<int64_t> out;
    if (page) {
      for (const Segment& segment : page->items) out.push_back(segment.id);
    }
    return out;
  }

  using Ids_ = std::vector<int64_t>;
  testing::TempDir dir_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  int64_t volume_ = catalog_->EnsureVolume("/srv/a").value();
};

TEST_F(CatalogTest, KeepsASegmentFromItsBeginningToItsEnd) {
  const int64_t id = Begin(1, 0);

  const Segment open = catalog_->Get(id).value();
  EXPECT_EQ(static_cast<const SegmentStart&>(open), Start(1, 0));
  EXPECT_EQ(open.state, SegmentState::kRecording);
  EXPECT_EQ(open.end, std::nullopt);
  ASSERT_EQ(catalog_->Unfinished()->size(), 1U);

  ASSERT_TRUE(catalog_->FinishSegment(id, At(900), 5'000'000'000, 22500, SegmentState::kComplete));
  catalog_ = nullptr;
  catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  const Segment closed = catalog_->Get(id).value();
  EXPECT_EQ(closed.state, SegmentState::kComplete);
  EXPECT_EQ(closed.end, At(900));
  EXPECT_EQ(closed.size_bytes, 5'000'000'000);
  EXPECT_EQ(closed.frames, 22500);
  EXPECT_TRUE(catalog_->Unfinished()->empty());
}

TEST_F(CatalogTest, KeepsTheClocksThatASegmentWasMadeBy) {
  SegmentStart start = Start(1, 0);
  start.camera_clock = CameraClock{-12'300ms, {}};
  start.clock_epoch = 3;
  const int64_t id = catalog_->BeginSegment(start).value();
  EXPECT_EQ(static_cast<const SegmentStart&>(catalog_->Get(id).value()), start);
  const int64_t silent = Begin(2, 0);

  ASSERT_TRUE(catalog_->SetCameraClock(id, {-12'300ms, 20ms}));
  EXPECT_EQ(catalog_->Get(id)->camera_clock, (CameraClock{-12'300ms, 20ms}));
  ASSERT_TRUE(catalog_->FinishSegment(id, At(900), 1, 1, SegmentState::kComplete));
  EXPECT_EQ(catalog_->Get(id)->camera_clock, (CameraClock{-12'300ms, 20ms}));
  EXPECT_EQ(catalog_->Get(id)->clock_epoch, 3);
  EXPECT_EQ(catalog_->Get(silent)->camera_clock, std::nullopt);
  EXPECT_EQ(catalog_->SetCameraClock(99, {}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(catalog_->SetCameraClock(id, {Micros::max(), {}}).error().kind,
            ErrorKind::kInvalidArgument);
}

TEST_F(CatalogTest, LetsASegmentFinishTwice) {
  const int64_t id = Record(1, 0, 900);

  EXPECT_TRUE(catalog_->FinishSegment(id, At(890), 999, std::nullopt, SegmentState::kRecovered));

  EXPECT_EQ(catalog_->Get(id)->end, At(890));
  EXPECT_EQ(catalog_->Get(id)->frames, std::nullopt);
}

TEST_F(CatalogTest, TimesOfOneStreamDoNotOverlapByALittle) {
  const auto end_of = [&](int64_t id) { return catalog_->Get(id).value().end; };
  const int64_t first = Begin(1, 0);
  const int64_t other = Record(2, 0, 11);
  const int64_t second = Begin(1, 10);

  // Found after a crash, when the next one had begun.
  ASSERT_TRUE(catalog_->FinishSegment(first, At(10) + Micros(100'000), 1000, 250,
                                      SegmentState::kRecovered));
  EXPECT_EQ(end_of(first), At(10));
  // Found before the next one began.
  ASSERT_TRUE(catalog_->FinishSegment(second, At(20) + Micros(100'000), 1000, 250,
                                      SegmentState::kRecovered));
  Begin(1, 20);
  EXPECT_EQ(end_of(second), At(20));
  EXPECT_EQ(end_of(other), At(11));
}

TEST_F(CatalogTest, AClockThatWasSetBackLeavesBothHours) {
  const int64_t first = Record(1, 0, 3600);

  Begin(1, 1800);

  EXPECT_EQ(catalog_->Get(first).value().end, At(3600));
}

TEST_F(CatalogTest, RefusesToFinishWhatCannotBe) {
  const int64_t id = Begin(1, 100);
  const auto kind = [&](int64_t which, WallTime end, int64_t bytes, SegmentState state) {
    return catalog_->FinishSegment(which, end, bytes, 1, state).error().kind;
  };
  EXPECT_EQ(kind(99, At(200), 1, SegmentState::kComplete), ErrorKind::kNotFound);
  EXPECT_EQ(kind(id, At(99), 1, SegmentState::kComplete), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind(id, At(200), -1, SegmentState::kComplete), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind(id, At(200), 1, SegmentState::kMissing), ErrorKind::kInvalidArgument);
  EXPECT_EQ(catalog_->Get(id)->state, SegmentState::kRecording);
}

TEST_F(CatalogTest, HasOneRowPerFile) {
  Begin(1, 0);

  const auto again = catalog_->BeginSegment(Start(1, 0));

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
  SegmentStart elsewhere = Start(1, 0);
  elsewhere.volume_id = catalog_->EnsureVolume("/srv/b").value();
  EXPECT_TRUE(catalog_->BeginSegment(elsewhere));
}

TEST_F(CatalogTest, KnowsAVolumeByItsPath) {
  EXPECT_EQ(catalog_->EnsureVolume("/srv/a").value(), volume_);
  EXPECT_NE(catalog_->EnsureVolume("/srv/b").value(), volume_);
  EXPECT_EQ(catalog_->Volumes()->size(), 2U);
  EXPECT_EQ(catalog_->EnsureVolume("relative").error().kind, ErrorKind::kInvalidArgument);
  SegmentStart lost = Start(1, 0);
  lost.volume_id = 77;
  EXPECT_EQ(catalog_->BeginSegment(lost).error().kind, ErrorKind::kInvalidArgument);
}

TEST_F(CatalogTest, ListsWhatOverlapsAHalfOpenRange) {
  const int64_t a = Record(1, 0, 100);
  const int64_t b = Record(1, 100, 200);
  const int64_t c = Record(1, 200, 300);
  const int64_t open = Begin(1, 300);
  const auto between = [&](int64_t from, int64_t to) {
    return Ids({.start = At(from), .end = At(to)});
  };

  EXPECT_EQ(between(100, 200), Ids_{b});
  EXPECT_EQ(between(99, 201), (Ids_{a, b, c}));
  EXPECT_EQ(between(150, 151), Ids_{b});
  EXPECT_EQ(between(-100, 0), Ids_{});
  EXPECT_EQ(between(5000, 6000), Ids_{open});
  EXPECT_EQ(Ids({}), (Ids_{a, b, c, open}));
}

TEST_F(CatalogTest, ListsAnEmptyAndALostSegmentWhereTheyBegan) {
  const int64_t empty = Record(1, 100, 100);
  const int64_t lost = Begin(1, 200);
  ASSERT_TRUE(catalog_->SetState(lost, SegmentState::kMissing));

  EXPECT_EQ(Ids({.start = At(100), .end = At(101)}), Ids_{empty});
  EXPECT_EQ(Ids({.start = At(200), .end = At(201)}), Ids_{lost});
  EXPECT_EQ(Ids({.start = At(201), .end = At(999)}), Ids_{});
}

TEST_F(CatalogTest, ListsByCameraAndStream) {
  const int64_t one = Record(1, 0, 100);
  const int64_t two = Record(2, 50, 150);
  const int64_t sub = Record(2, 60, 160, StreamKind::kSub);
  Record(3, 0, 100);

  EXPECT_EQ(Ids({.camera_ids = {1, 2}}), (Ids_{one, two, sub}));
  EXPECT_EQ(Ids({.camera_ids = {2}, .stream = StreamKind::kSub}), Ids_{sub});
  EXPECT_EQ(Ids({.camera_ids = {9}}), Ids_{});
}

TEST_F(CatalogTest, ListsWhatIsProtectedOrTheRest) {
  const int64_t one = Record(1, 0, 100);
  const int64_t other = Record(2, 50, 150);
  const int64_t plain = Record(1, 100, 200);
  const int64_t open = Begin(1, 200);
  for (const int64_t id : {one, other, open}) ASSERT_TRUE(catalog_->SetProtected(id, true));

  EXPECT_EQ(Ids({.is_protected = true}), (Ids_{one, other, open}));
  EXPECT_EQ(Ids({.camera_ids = {1}, .stream = StreamKind::kMain, .is_protected = true}),
            (Ids_{one, open}));
  EXPECT_EQ(Ids({.start = At(120), .end = At(180), .is_protected = true}), Ids_{other});
  EXPECT_EQ(Ids({.start = At(5000), .is_protected = true}), Ids_{open}) << "it goes on for ever";
  EXPECT_EQ(Ids({.is_protected = false}), Ids_{plain});
  EXPECT_EQ(Ids({.camera_ids = {1, 2}, .is_protected = false}), Ids_{plain});
  const auto page = catalog_->List({.is_protected = true, .limit = 2});
  ASSERT_TRUE(page->next);
  EXPECT_EQ(Ids({.is_protected = true, .limit = 2, .after = *page->next}), Ids_{open});
}

TEST_F(CatalogTest, PagesThroughSegmentsWithEqualStarts) {
  Ids_ all;
  for (int64_t i = 0; i < 25; ++i) all.push_back(Record(i + 1, 100 * (i / 5), 1000));
  SegmentQuery query{.limit = 4};
  Ids_ got;
  int pages = 0;
  for (bool more = true; more; ++pages) {
    const auto page = catalog_->List(query);
    ASSERT_TRUE(page);
    for (const Segment& segment : page->items) got.push_back(segment.id);
    more = page->next.has_value();
    query.after = page->next.value_or("");
  }

  EXPECT_EQ(got, all);
  EXPECT_EQ(pages, 7);
}

TEST_F(CatalogTest, HasNoNextPageWhenTheLastOneIsFull) {
  Record(1, 0, 100);
  Record(1, 100, 200);

  EXPECT_EQ(catalog_->List({.limit = 2})->next, std::nullopt);
  EXPECT_NE(catalog_->List({.limit = 1})->next, std::nullopt);
}

TEST_F(CatalogTest, RefusesABadLimitOrCursor) {
  const auto kind = [&](const SegmentQuery& query) { return catalog_->List(query).error().kind; };
  EXPECT_EQ(kind({.limit = 0}), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind({.limit = 1001}), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind({.after = "x"}), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind({.camera_ids = std::vector<int64_t>(1001, 1)}), ErrorKind::kInvalidArgument);
}

TEST_F(CatalogTest, AdoptsAFileThatHasNoRow) {
  Segment found;
  static_cast<SegmentStart&>(found) = Start(4, 0, StreamKind::kSub);
  found.video.reset();
  found.audio = SegmentAudio{"opus"};
  found.end = At(60);
  found.size_bytes = 12345;
  found.frames = 1500;
  found.state = SegmentState::kRecovered;
  found.is_protected = true;

  found.id = catalog_->Adopt(found).value();

  EXPECT_EQ(catalog_->Get(found.id).value(), found);
  EXPECT_EQ(catalog_->Adopt(found).error().kind, ErrorKind::kConflict);
}

TEST_F(CatalogTest, ChangesStateProtectionAndForgets) {
  const int64_t id = Record(1, 0, 100);
  const int64_t open = Begin(1, 100);

  EXPECT_TRUE(catalog_->SetState(id, SegmentState::kMissing));
  EXPECT_TRUE(catalog_->SetProtected(id, true));
  EXPECT_EQ(catalog_->Get(id)->state, SegmentState::kMissing);
  EXPECT_EQ(catalog_->Get(id)->end, At(100));
  EXPECT_TRUE(catalog_->Get(id)->is_protected);
  EXPECT_EQ(catalog_->SetState(id, SegmentState::kRecording).error().kind,
            ErrorKind::kInvalidArgument);
  EXPECT_EQ(catalog_->SetState(open, SegmentState::kComplete).error().kind,
            ErrorKind::kInvalidArgument);
  EXPECT_TRUE(catalog_->Forget(id));
  for (const Status& done : {catalog_->SetState(id, SegmentState::kMissing),
                             catalog_->SetProtected(id, true), catalog_->Forget(id)}) {
    EXPECT_EQ(done.error().kind, ErrorKind::kNotFound);
  }
  EXPECT_EQ(catalog_->Get(id).error().kind, ErrorKind::kNotFound);
}

TEST_F(CatalogTest, ListsTheFilesOfAVolumePageByPage) {
  const int64_t a = Record(1, 0, 100);
  const int64_t b = Begin(1, 100);
  Record(2, 0, 100);
  SegmentStart other = Start(1, 200);
  other.volume_id = catalog_->EnsureVolume("/srv/b").value();
  ASSERT_TRUE(catalog_->BeginSegment(other));
  const FileRow first{a, "1/main0", SegmentState::kComplete, 1000};
  const FileRow second{b, "1/main100", SegmentState::kRecording, 0};
  using Rows = std::vector<FileRow>;

  EXPECT_EQ(catalog_->Files(volume_, "1/", "10", 10).value(), (Rows{first, second}));
  EXPECT_EQ(catalog_->Files(volume_, "", "10", 1).value(), Rows{first});
  EXPECT_EQ(catalog_->Files(volume_, first.rel_path, "10", 1).value(), Rows{second});
  EXPECT_EQ(catalog_->Files(volume_, second.rel_path, "10", 1).value(), Rows{});
  EXPECT_EQ(catalog_->CountFiles(volume_).value(), 3);
}

TEST_F(CatalogTest, AdoptsAllThatHaveNoRowYet) {
  const int64_t id = Begin(1, 0);
  Segment known, found;
  static_cast<SegmentStart&>(known) = Start(1, 0);
  static_cast<SegmentStart&>(found) = Start(1, 100);
  known.end = found.end = At(200);
  known.state = found.state = SegmentState::kRecovered;

  ASSERT_TRUE(catalog_->AdoptAll({known, found}));

  EXPECT_EQ(catalog_->Get(id)->state, SegmentState::kRecording);
  EXPECT_EQ(catalog_->CountFiles(volume_).value(), 2);
  found.rel_path = "../x";
  EXPECT_EQ(catalog_->AdoptAll({found}).error().kind, ErrorKind::kInvalidArgument);
}

TEST_F(CatalogTest, AdoptedTimesOfOneStreamDoNotOverlapByALittle) {
  std::vector<Segment> found;
  for (const int second : {20, 0, 10}) {
    Segment& segment = found.emplace_back();
    static_cast<SegmentStart&>(segment) = Start(1, second);
    segment.end = At(second + 10) + Micros(20);
    segment.state = SegmentState::kRecovered;
  }

  ASSERT_TRUE(catalog_->AdoptAll(found));

  const auto rows = catalog_->List({})->items;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].end, At(10));
  EXPECT_EQ(rows[1].end, At(20));
  EXPECT_EQ(rows[2].end, At(30) + Micros(20));
}

TEST_F(CatalogTest, FindsWhatBeginsAtOneTime) {
  const int64_t id = Record(1, 100, 200);
  Record(1, 0, 100);
  Record(2, 100, 200);
  Record(1, 100, 200, StreamKind::kSub);

  const auto found = catalog_->StartingAt(1, StreamKind::kMain, At(100));

  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().id, id);
  EXPECT_TRUE(catalog_->StartingAt(1, StreamKind::kMain, At(100) + Micros(1))->empty());
}

TEST_F(CatalogTest, NotesWhatIsMissingSuspectOrUnusable) {
  const int64_t id = Record(1, 0, 100);

  ASSERT_TRUE(catalog_->SetMissing({id, 99}));
  ASSERT_TRUE(catalog_->SetSuspect(id));
  ASSERT_TRUE(catalog_->SetUnusable(volume_, "1/x.mp4", 0));
  ASSERT_TRUE(catalog_->SetUnusable(volume_, "1/x.mp4", 5));

  EXPECT_EQ(catalog_->Get(id)->state, SegmentState::kMissing);
  EXPECT_TRUE(catalog_->Get(id)->is_suspect);
  EXPECT_EQ(catalog_->SetSuspect(99).error().kind, ErrorKind::kNotFound);
  EXPECT_TRUE(catalog_->IsUnusable(volume_, "1/x.mp4", 5).value());
  EXPECT_FALSE(catalog_->IsUnusable(volume_, "1/x.mp4", 0).value());
}

TEST_F(CatalogTest, KnowsAVolumeByItsUuidWhereverItIs) {
  const std::string a = "00000000-0000-0000-0000-00000000000a";
  const std::string b = "00000000-0000-0000-0000-00000000000b";
  EXPECT_EQ(catalog_->EnsureVolume("/srv/a", a).value(), volume_) << "it had no uuid yet";
  const int64_t other = catalog_->EnsureVolume("/srv/b", b).value();

  EXPECT_EQ(catalog_->EnsureVolume("/srv/b", a).value(), volume_);
  EXPECT_EQ(catalog_->EnsureVolume("/srv/a", b).value(), other);

  const auto volumes = catalog_->Volumes().value();
  ASSERT_EQ(volumes.size(), 2U);
  EXPECT_EQ(volumes[0].path, "/srv/b");
  EXPECT_EQ(volumes[0].uuid, a);
  EXPECT_EQ(volumes[1].path, "/srv/a");
}

TEST_F(CatalogTest, SumsUpWhatThereIsHoweverItChanges) {
  const int64_t other = catalog_->EnsureVolume("/srv/b").value();
  const auto total = [](int64_t volume, int64_t camera, SegmentState state, int64_t files,
                        int64_t bytes) {
    return SegmentTotal{volume, camera, StreamKind::kMain, state, files, bytes};
  };
  EXPECT_TRUE(catalog_->Totals()->empty());

  const int64_t first = Record(1, 0, 10);
  Record(1, 10, 20);
  Begin(2, 0);
  Segment adopted;
  static_cast<SegmentStart&>(adopted) = Start(1, 30);
  adopted.volume_id = other;
  adopted.end = At(40);
  adopted.size_bytes = 70;
  adopted.state = SegmentState::kRecovered;
  ASSERT_TRUE(catalog_->AdoptAll({adopted}));
  ASSERT_TRUE(catalog_->AdoptAll({adopted})) << "which changes nothing";
  EXPECT_EQ(catalog_->Totals().value(),
            (std::vector{total(volume_, 1, SegmentState::kComplete, 2, 2000),
                         total(volume_, 2, SegmentState::kRecording, 1, 0),
                         total(other, 1, SegmentState::kRecovered, 1, 70)}));

  ASSERT_TRUE(catalog_->FinishSegment(first, At(10), 1500, 250, SegmentState::kComplete));
  ASSERT_TRUE(catalog_->SetSuspect(first));
  EXPECT_EQ(catalog_->Totals()->at(0), total(volume_, 1, SegmentState::kComplete, 2, 2500));
  ASSERT_TRUE(catalog_->SetMissing({first}));
  EXPECT_EQ(catalog_->Totals()->at(0), total(volume_, 1, SegmentState::kComplete, 1, 1000));
  EXPECT_EQ(catalog_->Totals()->at(1), total(volume_, 1, SegmentState::kMissing, 1, 1500));
  ASSERT_TRUE(catalog_->Forget(first));
  EXPECT_EQ(catalog_->Totals()->size(), 3U);
}

TEST_F(CatalogTest, SumsUpDaysAndHowFarStreamsReach) {
  constexpr int64_t kDay = 86'400;
  const WallTime today = std::chrono::floor<std::chrono::days>(At(0));
  const auto days = [&] { return catalog_->Days(today, today + 240h).value(); };
  const int64_t last = Record(1, 2 * kDay, 2 * kDay + 50);
  const int64_t first = Record(1, 0, 100);
  Record(1, 10, 110, StreamKind::kSub);
  Record(2, 0, 100);
  const int64_t open = Begin(2, kDay);
  const DayTotal one{today, 1, 2, 2000}, two{today, 2, 1, 1000}, growing{today + 24h, 2, 1, 0},
      three{today + 48h, 1, 1, 1000};
  using Days = std::vector<DayTotal>;
  EXPECT_EQ(days(), (Days{one, two, growing, three}));
  EXPECT_EQ(catalog_->Days(today + 1s, today + 48h).value(), Days{growing}) << "whole days only";
  EXPECT_EQ(catalog_->Reach().value(),
            (std::vector<StreamReach>{{1, StreamKind::kMain, At(0), At(2 * kDay + 50)},
                                      {1, StreamKind::kSub, At(10), At(110)},
                                      {2, StreamKind::kMain, At(0), At(kDay)}}));

  ASSERT_TRUE(catalog_->FinishSegment(open, At(kDay + 9), 70, 1, SegmentState::kRecovered));
  ASSERT_TRUE(catalog_->SetMissing({first}));
  ASSERT_TRUE(catalog_->Forget(last));
  EXPECT_EQ(days(), (Days{{today, 1, 1, 1000}, two, {today + 24h, 2, 1, 70}}));
  EXPECT_EQ(catalog_->Reach().value(),
            (std::vector<StreamReach>{{1, StreamKind::kSub, At(10), At(110)},
                                      {2, StreamKind::kMain, At(0), At(kDay + 9)}}));
  ASSERT_TRUE(catalog_->FinishSegment(first, At(100), 30, 1, SegmentState::kComplete));
  EXPECT_EQ(days().front(), (DayTotal{today, 1, 2, 1030})) << "it was found again";
}

TEST_F(CatalogTest, KnowsTheDaysThatWereNearlyAllRecorded) {
  constexpr int64_t kDay = 86'400;
  const WallTime today = std::chrono::ceil<std::chrono::days>(At(0));
  const int64_t begin = (today - At(0)) / 1s;
  const auto whole = [&](StreamKind stream = StreamKind::kMain) {
    return catalog_->WholeDays(1, stream, today, today + 96h).value();
  };
  const int64_t id = Record(1, begin + 30, begin + kDay + 100);
  Record(1, begin + kDay + 100, begin + kDay + 12 * 3600);
  Record(1, begin + 2 * kDay, begin + 3 * kDay - 3000, StreamKind::kSub);
  Begin(1, begin + 3 * kDay);
  EXPECT_EQ(whole(), (std::vector{today}));
  EXPECT_EQ(whole(StreamKind::kSub), (std::vector{today + 48h}));

  ASSERT_TRUE(catalog_->FinishSegment(id, At(begin + kDay / 2), 1, 1, SegmentState::kComplete));
  EXPECT_TRUE(whole().empty());
  ASSERT_TRUE(catalog_->FinishSegment(id, At(begin + kDay), 1, 1, SegmentState::kComplete));
  EXPECT_EQ(whole(), (std::vector{today}));
  ASSERT_TRUE(catalog_->SetMissing({id}));
  EXPECT_TRUE(whole().empty());
}

TEST_F(CatalogTest, ListsWhatHasBeenOpenForLongBeforeTheRest) {
  const int64_t old = Begin(1, -1'000'000);
  const int64_t other = Begin(2, -900'000, StreamKind::kSub);
  const int64_t a = Record(1, 0, 100);
  const int64_t b = Record(2, 50, 150);
  SegmentQuery query{.start = At(60), .end = At(200)};

  EXPECT_EQ(Ids(query), (Ids_{old, other, a, b}));
  query.camera_ids = {1, 2, 1};
  EXPECT_EQ(Ids(query), (Ids_{old, other, a, b}));
  query.stream = StreamKind::kSub;
  EXPECT_EQ(Ids(query), Ids_{other});
  query.stream.reset();
  for (int64_t id = 3; id < 20; ++id) query.camera_ids.push_back(id);
  EXPECT_EQ(Ids(query), (Ids_{old, other, a, b}));
  query.limit = 1;
  Ids_ got;
  for (;;) {
    const auto page = catalog_->List(query).value();
    got.push_back(page.items.at(0).id);
    if (!page.next) break;
    query.after = *page.next;
  }
  EXPECT_EQ(got, (Ids_{old, other, a, b}));
}

TEST_F(CatalogTest, CanBeReadBesideItsWriter) {
  Record(1, 0, 100);

  const auto reader = ReadCatalog(dir_ / "catalog.db");

  ASSERT_TRUE(reader) << reader.error().Text();
  EXPECT_EQ((*reader)->CountFiles(volume_).value(), 1);
  EXPECT_FALSE((*reader)->EnsureVolume("/srv/c"));
  EXPECT_EQ(ReadCatalog(dir_ / "none.db").error().kind, ErrorKind::kNotFound);
}

TEST(OpenCatalog, MovesADamagedDatabaseAsideAndBeginsAnew) {
  testing::TempDir dir;
  testing::FakeClock clock;
  std::ofstream(dir / "catalog.db") << std::string(9000, 'x');
  std::ofstream(dir / "catalog.db-wal") << "old log";

  const auto catalog = OpenCatalog(dir / "catalog.db", clock);

  ASSERT_TRUE(catalog) << catalog.error().Text();
  EXPECT_TRUE((*catalog)->Unfinished()->empty());
  const std::string aside = dir / "catalog.db.corrupt-2026-11-18T11-06-40Z";
  EXPECT_TRUE(std::filesystem::exists(aside));
  EXPECT_TRUE(std::filesystem::exists(dir / "catalog.db"));
}

TEST_F(CatalogTest, WalksTheSpansOfOneStreamInOrder) {
  Record(1, 0, 10);
  Record(1, 20, 30);
  Record(1, 10, 20);
  Record(1, 12, 13, StreamKind::kSub);
  Record(2, 12, 13);
  Begin(1, 30);
  std::vector<WallTime> starts;

  const auto walked =
      catalog_->ForEachSpan(1, StreamKind::kMain, At(10), At(31), [&](const SegmentSpan& span) {
        starts.push_back(span.start);
        EXPECT_EQ(span.end.has_value(), span.state == SegmentState::kComplete);
        EXPECT_EQ(span.frames, span.end ? std::optional<int64_t>(250) : std::nullopt);
      });

  EXPECT_TRUE(walked);
  EXPECT_EQ(starts, (std::vector{At(10), At(20), At(30)}));
}

TEST_F(CatalogTest, WalksOverWhatBeganLongBeforeAndReachesIntoTheTime) {
  const auto walk = [&] {
    std::vector<WallTime> starts;
    EXPECT_TRUE(catalog_->ForEachSpan(1, StreamKind::kMain, At(500), At(510),
                                      [&](const auto& span) { starts.push_back(span.start); }));
    return starts;
  };
  for (int i = 0; i < 60; ++i) Record(1, 10 * i, 10 * i + 10);
  EXPECT_EQ(walk(), (std::vector{At(500)}));

  const int64_t grows = Begin(1, -5000);
  EXPECT_EQ(walk(), (std::vector{At(-5000), At(500)})) << "it may go on for ever";
  ASSERT_TRUE(catalog_->FinishSegment(grows, At(-4000), 1, 1, SegmentState::kComplete));
  EXPECT_EQ(walk(), (std::vector{At(500)}));
  Segment longer;
  static_cast<SegmentStart&>(longer) = Start(1, -6000);
  longer.end = At(505);
  longer.state = SegmentState::kRecovered;
  ASSERT_TRUE(catalog_->Adopt(longer));
  EXPECT_EQ(walk(), (std::vector{At(-6000), At(500)}));
}

TEST_F(CatalogTest, TellsWhenTheFirstSegmentOfAStreamBegins) {
  Record(1, 20, 30);
  Record(1, 5, 10);
  Record(1, 1, 2, StreamKind::kSub);

  EXPECT_EQ(catalog_->FirstStart(1, StreamKind::kMain).value(), At(5));
  EXPECT_EQ(catalog_->FirstStart(1, StreamKind::kSub).value(), At(1));
  EXPECT_EQ(catalog_->FirstStart(2, StreamKind::kMain).value(), std::nullopt);
}

}  // namespace
}  // namespace ronin
