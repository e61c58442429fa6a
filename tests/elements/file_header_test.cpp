// SPDX-License-Identifier: MIT
#include "file_header.h"

#include <gtest/gtest.h>

#include "elements/parsed_fragment.h"
#include "fragment_writer.h"
#include "mp4/fragment_index.h"
#include "mp4_track.h"

namespace ronin_plugin {
namespace {

using ronin::testing::FindBody;
using ronin::testing::Number;
using ronin::testing::ParseBoxes;
using ronin::testing::ParseFragment;
using ronin::testing::Text;

Bytes Init(bool audio) {
  Mp4Track video;
  video.sample_entry = {0, 0, 0, 8, 'a', 'v', 'c', '1'};
  Mp4Track sound;
  sound.video = false;
  sound.timescale = 16'000;
  sound.sample_entry = {0, 0, 0, 8, 'm', 'p', '4', 'a'};
  return InitSegment(video, audio ? std::optional(sound) : std::nullopt);
}

Bytes FragmentAt(uint64_t video, std::optional<uint64_t> audio) {
  Fragment fragment;
  fragment.video = {video, {{3600, 0, 0}}};
  if (audio) fragment.audio = {*audio, {{1024, 0, 0}}};
  Bytes out;
  WriteFragment(fragment, out);
  return out;
}

TEST(FileTimes, TheEarliestTrackIsTheZero) {
  for (const bool audio_first : {true, false}) {
    auto times = FileTimes::FromInit(Init(true));
    ASSERT_TRUE(times);
    // 100 s of video, audio 250 ms before or behind.
    Bytes bytes = FragmentAt(9'000'000, audio_first ? 1'596'000 : 1'604'000);
    const auto view = MoofView::Read(bytes.data(), bytes.size());
    times->Begin(*view);
    times->Patch(*view, bytes.data());

    const auto moved = ParseFragment(Text(bytes));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->track(1)->decode_time, audio_first ? 22'500U : 0U);
    EXPECT_EQ(moved->track(2)->decode_time, audio_first ? 0U : 4'000U);
    EXPECT_EQ(times->FirstPictureMicros(*view), audio_first ? 250'000 : 0);
  }
}

TEST(FileTimes, WhatIsBeforeTheZeroIsAtIt) {
  auto times = FileTimes::FromInit(Init(false));
  ASSERT_TRUE(times);
  Bytes bytes = FragmentAt(9'000'000, {});
  times->Begin(*MoofView::Read(bytes.data(), bytes.size()));
  bytes = FragmentAt(8'000'000, {});
  times->Patch(*MoofView::Read(bytes.data(), bytes.size()), bytes.data());

  EXPECT_EQ(ParseFragment(Text(bytes))->track(1)->decode_time, 0U);
}

TEST(FileTimes, TimesOfTodayDoNotOverflow) {
  auto times = FileTimes::FromInit(Init(true));
  ASSERT_TRUE(times);
  constexpr uint64_t kSeconds = 4'000'000'000;  // in 2096
  const Bytes bytes = FragmentAt(kSeconds * 90'000, kSeconds * 16'000);
  times->Begin(*MoofView::Read(bytes.data(), bytes.size()));

  EXPECT_EQ(times->FirstPictureMicros(*MoofView::Read(bytes.data(), bytes.size())), 0);
}

TEST(FileTimes, EveryCutOfAnInitSegmentIsSafe) {
  const Bytes init = Init(true);
  for (size_t size = 0; size < init.size(); ++size) {
    const Bytes cut(init.begin(), init.begin() + ptrdiff_t(size));
    EXPECT_FALSE(FileTimes::FromInit(cut)) << size;
    EXPECT_EQ(FileHeader(cut, {}), cut);
  }
  for (size_t i = 0; i < init.size(); ++i) {
    for (const int value : {0, 1, 0x7f, 0xff}) {
      Bytes changed = init;
      changed[i] = uint8_t(value);
      FileTimes::FromInit(changed);
      FileHeader(changed, {});
    }
  }
}

TEST(FileHeader, IsTheInitSegmentWithABoxMore) {
  const Bytes init = Init(false);
  const Bytes header = FileHeader(init, {.connection = 5, .utc_us = 1234});

  const auto moov = FindBody(Text(header), "moov");
  ASSERT_TRUE(moov);
  EXPECT_EQ(ParseBoxes(*moov).back().type, "uuid");
  EXPECT_EQ(moov->substr(0, FindBody(Text(init), "moov")->size()), *FindBody(Text(init), "moov"));
  EXPECT_EQ(Number(ParseBoxes(*moov).back().body, 44, 8), 1234U);
}

TEST(FragmentIndex, HasEachFragmentAndAllKeyframes) {
  FragmentIndex index;
  EXPECT_TRUE(index.empty());
  index.Add(1000, 32, 500, 1, 90'000, true);
  index.Add(1500, 0, 300, 1, 108'000, false);
  index.Add(1800, 32, 400, 1, 126'000, true);

  const Bytes bytes = index.Write();

  const auto boxes = ParseBoxes(Text(bytes));
  ASSERT_EQ(boxes.size(), 2U);
  const auto uuid = boxes[0].body;
  EXPECT_EQ(Number(uuid, 20, 8), 1000U);
  EXPECT_EQ(Number(uuid, 28, 8), 90'000U);
  ASSERT_EQ(Number(uuid, 36, 4), 3U);
  ASSERT_EQ(uuid.size(), 40U + 3 * 12);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(Number(uuid, 40 + 12 * i, 4), 18'000 * i);
    EXPECT_EQ(Number(uuid, 48 + 12 * i, 4), i == 1 ? 0U : 1U);
  }
  const auto tfra = FindBody(Text(bytes), "mfra/tfra");
  ASSERT_TRUE(tfra);
  ASSERT_EQ(Number(*tfra, 12, 4), 2U);
  EXPECT_EQ(Number(*tfra, 16 + 8, 8), 1032U);
  EXPECT_EQ(Number(*tfra, 16 + 19, 8), 126'000U);
  EXPECT_EQ(Number(*tfra, 16 + 19 + 8, 8), 1832U);
  // The last four bytes of the file are the size of `mfra`, by which it is found.
  EXPECT_EQ(Number(Text(bytes), bytes.size() - 4, 4), bytes.size() - boxes[1].at);
}

TEST(FragmentIndex, WhatLiesBetweenTwoFragmentsBelongsToTheFirst) {
  FragmentIndex index;
  index.Add(1000, 0, 500, 1, 0, true);
  index.Add(1600, 0, 500, 1, 90'000, true);

  const Bytes bytes = index.Write();

  EXPECT_EQ(Number(ParseBoxes(Text(bytes)).at(0).body, 44, 4), 600U);
}

TEST(FragmentIndex, ASizeOfMoreThanFourBytesIsTheLargest) {
  FragmentIndex index;
  index.Add(1000, 0, 5'000'000'000, 1, 0, true);
  index.Add(6'000'000'000, 0, 500, 1, 90'000, true);

  const Bytes bytes = index.Write();

  EXPECT_EQ(Number(ParseBoxes(Text(bytes)).at(0).body, 44, 4), 0xffffffffU);
}

TEST(FragmentIndex, FragmentsOfAnotherTrackBelongToTheOneBefore) {
  FragmentIndex index;
  index.Add(1000, 0, 500, 1, 0, true);
  index.Add(1500, 0, 100, 2, 48'000, true);
  index.Add(1600, 0, 500, 1, 90'000, true);

  const Bytes bytes = index.Write();

  const auto uuid = ParseBoxes(Text(bytes)).at(0).body;
  ASSERT_EQ(Number(uuid, 36, 4), 2U);
  EXPECT_EQ(Number(uuid, 44, 4), 600U);
  EXPECT_EQ(Number(*FindBody(Text(bytes), "mfra/tfra"), 12, 4), 2U);
}

}  // namespace
}  // namespace ronin_plugin
