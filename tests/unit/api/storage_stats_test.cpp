// SPDX-License-Identifier: MIT
#include "api/storage_stats.h"

#include <gtest/gtest.h>

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

WallTime Hour(int64_t hour) { return FromMicros(1'795'000'000'000'000) + std::chrono::hours(hour); }

SegmentTotal Total(int64_t volume, StreamId stream, SegmentState state, int64_t files) {
  return {volume, stream.camera_id, stream.kind, state, files, files * 100};
}

Segment Open(int64_t id, int64_t camera, bool is_protected = false) {
  Segment out;
  out.id = id;
  out.camera_id = camera;
  out.volume_id = 2;
  out.is_protected = is_protected;
  return out;
}

TEST(StorageSums, CountWhatIsClosedAsTheCatalogSaysAndWhatIsOpenAsItIs) {
  const StreamId sub(1, StreamKind::kSub);
  const StoredFigures stored{
      .totals = {Total(1, 1, SegmentState::kComplete, 10),
                 Total(1, sub, SegmentState::kRecovered, 2),
                 Total(1, 1, SegmentState::kMissing, 50), Total(2, 1, SegmentState::kRecording, 2)},
      .reach = {{1, StreamKind::kMain, Hour(1), Hour(5)}, {1, StreamKind::kSub, Hour(0), Hour(3)}},
      .volumes = {},
      .open = {Open(7, 1, true), Open(8, 9)},
      .kept = {{{1, 1, StreamKind::kMain}, 3, 300}, {{2, 1, StreamKind::kSub}, 1, 100}}};

  const StorageSums sums = SumUp(stored, {{7, 33}});

  EXPECT_EQ(sums.all.files, 13);
  EXPECT_EQ(sums.all.size_bytes, 1233);
  EXPECT_EQ(sums.volumes.at(1).files, 12);
  EXPECT_EQ(sums.volumes.at(2).size_bytes, 33);
  const auto& camera = sums.cameras.at(1);
  EXPECT_EQ(camera.main.size_bytes, 1033);
  EXPECT_EQ(camera.sub.size_bytes, 200);
  EXPECT_EQ(camera.protected_bytes, 433);
  EXPECT_EQ(camera.oldest, Hour(0));
  EXPECT_EQ(camera.newest, Hour(5));
  EXPECT_FALSE(sums.cameras.contains(9)) << "its file is not there";
}

TEST(DaySums, CountFilesThatAreBeingWrittenOnTheDayOnWhichTheyBegan) {
  const auto opened = [](int64_t id, int64_t camera, WallTime start) {
    Segment out = Open(id, camera);
    out.start = start;
    return out;
  };
  const WallTime today = std::chrono::floor<std::chrono::days>(Hour(0));
  DaySums sums{.days = {{today - 24h, 1, 96, 9600}, {today, 1, 3, 200}, {today, 2, 1, 0}},
               .open = {opened(7, 1, today), opened(8, 1, today - 1us),
                        opened(9, 2, today + 24h - 1us), opened(10, 2, today + 1h)}};

  AddOpenFiles(sums, {{7, 33}, {8, 5}, {9, 11}});

  EXPECT_EQ(sums.days[0].size_bytes, 9605);
  EXPECT_EQ(sums.days[1].size_bytes, 233);
  EXPECT_EQ(sums.days[2].size_bytes, 11) << "one of its files is not there";
}

}  // namespace
}  // namespace ronin::api
