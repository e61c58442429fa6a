// SPDX-License-Identifier: MIT
#include "demo/clip.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "demo/clip_encoder.h"
#include "demo/clip_maker.h"
#include "demo/frame_sei.h"
#include "support/frame_numbers.h"
#include "support/temp_dir.h"

namespace ronin::demo {
namespace {

ClipSpec ShortClip() {
  ClipSpec out = NumberedClip(AudioCodec::kAac);
  out.seconds = 1;
  return out;
}

TEST(SplitPictures, KeepsSuffixesAndLaterSlicesWithTheirPicture) {
  // H.265: parameter set, key slice (first), key slice (not first), suffix SEI; slice (first).
  const std::vector<uint8_t> data = {0, 0, 0, 1,    0x40, 1,    9,  //
                                     0, 0, 1, 0x26, 1,    0x80,     //
                                     0, 0, 1, 0x26, 1,    0x40,     //
                                     0, 0, 1, 0x50, 1,    5,        //
                                     0, 0, 0, 1,    2,    1,    0x80};

  const auto pictures = SplitPictures(data.data(), data.size(), VideoCodec::kH265);

  ASSERT_TRUE(pictures) << pictures.error().Text();
  ASSERT_EQ(pictures->size(), 2U);
  EXPECT_EQ((*pictures)[0].head.size, 7U);
  EXPECT_TRUE((*pictures)[0].keyframe);
  EXPECT_EQ((*pictures)[1].head.size, 0U);
  EXPECT_EQ((*pictures)[1].slices.offset, 25U);
  EXPECT_FALSE((*pictures)[1].keyframe);
}

TEST(SplitPictures, RefusesWhatDoesNotBeginWithAKeyframe) {
  const std::vector<uint8_t> data = {0, 0, 0, 1, 0x41, 0x9a, 0};

  const auto pictures = SplitPictures(data.data(), data.size(), VideoCodec::kH264);

  ASSERT_FALSE(pictures);
  EXPECT_EQ(pictures.error().kind, ErrorKind::kCorrupt);
}

TEST(FrameSei, IsReadBackWhateverTheNumbers) {
  for (const VideoCodec codec : {VideoCodec::kH264, VideoCodec::kH265}) {
    for (const uint64_t number : {uint64_t(0), uint64_t(1), uint64_t(0x0000030000010002),
                                  uint64_t(0x0303000000000003), ~uint64_t(0)}) {
      const auto sei = MakeFrameSei(codec, {number, 3, 0x7000000000000000});
      const auto stamps =
          testing::ScanFrameStamps({reinterpret_cast<const char*>(sei.data()), sei.size()}, codec);

      ASSERT_EQ(stamps.size(), 1U) << number;
      EXPECT_EQ(stamps[0].number, number);
      EXPECT_EQ(stamps[0].sender_mono_ns, 3);
      EXPECT_EQ(stamps[0].sender_utc_ns, 0x7000000000000000);
    }
  }
}

TEST(ClipMaker, EncodesOnceAndThenReadsTheFile) {
  const testing::TempDir folder;
  int sentences = 0;
  const ClipMaker maker(folder.path() / "clips", [&](const std::string&) { ++sentences; });

  const auto first = maker.Make(ShortClip());
  const int after_first = sentences;
  const auto second = maker.Make(ShortClip());

  ASSERT_TRUE(first) << first.error().Text();
  ASSERT_TRUE(second) << second.error().Text();
  EXPECT_EQ(after_first, 4);  // video and sound, each begun and ended
  EXPECT_EQ(sentences, after_first);
  EXPECT_EQ((*second)->pictures.size(), 25U);
  EXPECT_EQ((*second)->audio.packets.size(), 125U);
  EXPECT_EQ((*second)->audio.config_hex, "1408");  // AAC LC, 16 kHz, one channel
}

TEST(EncodeAudio, WritesTheSameWhateverWasInMemory) {
  const testing::TempDir folder;
  const auto encode = [&](int old_memory) {
    const auto file = folder.path() / std::to_string(old_memory);
    mallopt(M_PERTURB, old_memory);
    const Status encoded = EncodeAudio(AudioCodec::kPcmu, 2, file);
    mallopt(M_PERTURB, 0);
    EXPECT_TRUE(encoded) << encoded.error().Text();
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };

  const std::string sound = encode(46);

  EXPECT_EQ(sound.size(), 16000U);
  EXPECT_EQ(encode(180), sound);
}

TEST(ClipMaker, LeavesNoHalfFileWhenASpecCannotBeMade) {
  const testing::TempDir folder;
  ClipSpec spec = ShortClip();
  spec.pattern = "no-such-pattern";

  const auto clip = ClipMaker(folder.path()).Make(spec);

  ASSERT_FALSE(clip);
  EXPECT_EQ(clip.error().kind, ErrorKind::kInvalidArgument);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ClipMaker, SeesThatACachedFileIsDamaged) {
  const testing::TempDir folder;
  const ClipMaker maker(folder.path());
  ASSERT_TRUE(maker.Make(ShortClip()));
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    if (file.path().extension() == ".h264") std::filesystem::resize_file(file.path(), 3000);
  }

  const auto clip = maker.Make(ShortClip());

  ASSERT_FALSE(clip);
  EXPECT_EQ(clip.error().kind, ErrorKind::kCorrupt);
}

TEST(ClipMaker, SaysWhichFolderCannotBeMade) {
  const auto clip = ClipMaker("/proc/no-such-folder").Make(ShortClip());

  ASSERT_FALSE(clip);
  EXPECT_NE(clip.error().Text().find("/proc/no-such-folder"), std::string::npos);
}

}  // namespace
}  // namespace ronin::demo
