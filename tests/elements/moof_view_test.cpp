// SPDX-License-Identifier: MIT
#include "mp4/moof_view.h"

#include <limits>

#include <gtest/gtest.h>

#include "fragment_writer.h"
#include "mp4/box_reader.h"

namespace ronin_plugin {
namespace {

using Box = BoxWriter::Box;

TEST(BoxReader, GivesTheBoxesOneByOneAndNothingAtTheEnd) {
  const Bytes bytes = {0, 0, 0, 9, 'a', 'b', 'c', 'd', 42, 0, 0, 0, 8, 'e', 'f', 'g', 'h'};
  BoxReader in(bytes.data(), 0, bytes.size());

  const auto first = in.Next();
  const auto second = in.Next();

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->type, FourCc("abcd"));
  EXPECT_EQ(first->end - first->body, 1U);
  EXPECT_EQ(second->type, FourCc("efgh"));
  EXPECT_FALSE(in.Next());
  EXPECT_TRUE(in.ok());
}

TEST(BoxReader, ReadsASizeOfEightBytes) {
  const Bytes bytes = {0, 0, 0, 1, 'a', 'b', 'c', 'd', 0, 0, 0, 0, 0, 0, 0, 17, 42};
  const auto box = BoxReader(bytes.data(), 0, bytes.size()).Next();

  ASSERT_TRUE(box);
  EXPECT_EQ(box->body, 16U);
  EXPECT_EQ(box->end, 17U);
}

TEST(BoxReader, ABoxThatDoesNotFitIsAnError) {
  for (const Bytes& bytes : std::vector<Bytes>{
           {0, 0, 0, 9, 'a', 'b', 'c', 'd'},
           {0, 0, 0, 7, 'a', 'b', 'c', 'd', 0},
           {0, 0, 0, 0, 'a', 'b', 'c', 'd', 0},
           {0, 0, 0, 1, 'a', 'b', 'c', 'd', 0},
           {0, 0, 0, 1, 'a', 'b', 'c', 'd', 0, 0, 0, 0, 0, 0, 0, 15},
           {0, 0, 0, 1, 'a', 'b', 'c', 'd', 255, 255, 255, 255, 255, 255, 255, 255}}) {
    BoxReader in(bytes.data(), 0, bytes.size());
    EXPECT_FALSE(in.Next());
    EXPECT_FALSE(in.ok());
  }
}

TEST(BoxReader, BeyondTheEndEverythingIsZero) {
  const Bytes bytes = {1, 2, 3};
  BoxReader in(bytes.data(), 0, bytes.size());

  EXPECT_EQ(in.U32(), 0U);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.U64(), 0U);
  in.Skip(std::numeric_limits<size_t>::max());
  EXPECT_EQ(in.at(), 3U);
}

Bytes Written(bool keyframe, bool producer_time) {
  Fragment fragment;
  fragment.keyframe = keyframe;
  fragment.video = {1'000'000'000'000, {{3600, 10, 0}, {3600, 20, 7200}}};
  fragment.audio = {42, {{1024, 5, 0}}};
  if (producer_time) fragment.producer_time = ProducerTime{1'700'000'000'000'000'000, 77};
  Bytes out;
  WriteFragment(fragment, out);
  return out;
}

TEST(MoofView, ReadsWhatWasWritten) {
  for (const bool keyframe : {true, false}) {
    const Bytes bytes = Written(keyframe, keyframe);
    const auto view = MoofView::Read(bytes.data(), bytes.size());

    ASSERT_TRUE(view);
    ASSERT_EQ(view->tracks.size(), 2U);
    EXPECT_EQ(view->tracks[0].decode_time, 1'000'000'000'000U);
    EXPECT_EQ(view->tracks[0].duration, 7200U);
    EXPECT_EQ(view->tracks[0].samples, 2U);
    EXPECT_EQ(view->tracks[0].sync, keyframe);
    EXPECT_EQ(view->tracks[1].id, 2U);
    EXPECT_TRUE(view->tracks[1].sync);
    EXPECT_EQ(view->producer_at.has_value(), keyframe);
    EXPECT_EQ(view->producer_time, keyframe ? 77U : 0U);
    EXPECT_EQ(view->moof_at, keyframe ? 36U - 4U : 0U);
  }
}

TEST(MoofView, EveryCutIsRefused) {
  const Bytes bytes = Written(true, true);
  const size_t moof_end = bytes.size() - 8;  // then comes the header of `mdat`

  EXPECT_TRUE(MoofView::Read(bytes.data(), moof_end));
  for (size_t size = 0; size < moof_end; ++size) {
    // In memory of its own, so that a byte too far is seen.
    const Bytes cut(bytes.begin(), bytes.begin() + ptrdiff_t(size));
    EXPECT_FALSE(MoofView::Read(cut.data(), cut.size())) << size;
  }
}

TEST(MoofView, NoByteMakesItReadOrPointBeyondTheEnd) {
  const Bytes bytes = Written(true, true);
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      Bytes changed = bytes;
      changed[i] = uint8_t(value);
      const auto view = MoofView::Read(changed.data(), changed.size());
      if (!view) continue;
      for (const auto& track : view->tracks) {
        EXPECT_LE(track.tfdt_at + (track.tfdt_64 ? 8 : 4), changed.size());
      }
      if (view->producer_at) {
        EXPECT_LE(*view->producer_at + 8, changed.size());
      }
    }
  }
}

TEST(MoofView, ATableWithoutEntriesCostsNothing) {
  Bytes bytes;
  {
    BoxWriter w(bytes);
    const Box moof(w, "moof");
    const Box traf(w, "traf");
    {
      const Box tfhd(w, "tfhd");
      w.Version(0, 0x8);
      w.U32(1);
      w.U32(10);
    }
    {
      const Box tfdt(w, "tfdt");
      w.Version(0, 0);
      w.U32(5);
    }
    for (int i = 0; i < 1000; ++i) {
      const Box trun(w, "trun");
      w.Version(0, 0);
      w.U32(0xffffffff);
    }
  }
  const auto view = MoofView::Read(bytes.data(), bytes.size());

  ASSERT_TRUE(view);
  EXPECT_FALSE(view->tracks[0].tfdt_64);
  EXPECT_EQ(view->tracks[0].duration, 10'000ULL * 0xffffffffU);
}

}  // namespace
}  // namespace ronin_plugin
