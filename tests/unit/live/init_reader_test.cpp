// SPDX-License-Identifier: MIT
#include "live/init_reader.h"

#include <gtest/gtest.h>

#include "unit/live/muxed.h"

namespace ronin::live {
namespace {

GRef<GBytes> BytesOf(const GRef<GstBuffer>& buffer) {
  gpointer data = nullptr;
  gsize size = 0;
  gst_buffer_extract_dup(buffer.Get(), 0, gsize(-1), &data, &size);
  return Adopt(g_bytes_new_take(data, size));
}

TEST(InitReader, ReadsSizeAndCodecOfTheVideo) {
  Muxed muxed;

  const auto init = ReadInit(BytesOf(muxed.Frame(true).at(0)));

  ASSERT_TRUE(init) << init.error().message;
  EXPECT_EQ(init->mime, "video/mp4; codecs=\"avc1.42c01e\"");
  EXPECT_EQ(init->video_codec, "avc1.42c01e");
  EXPECT_EQ(init->audio_codec, "");
  EXPECT_EQ(init->width, 640);
  EXPECT_EQ(init->height, 480);
  EXPECT_EQ(init->timescale, 90000U);
}

TEST(InitReader, NamesTheSoundBesideIt) {
  Muxed muxed;
  muxed.AddSound();

  const auto init = ReadInit(BytesOf(muxed.Frame(true).at(0)));

  ASSERT_TRUE(init);
  EXPECT_EQ(init->mime, "video/mp4; codecs=\"avc1.42c01e,mp4a.40.2\"");
}

TEST(InitReader, NamesH265ByProfileTierLevelAndConstraints) {
  // general_profile_idc 1, compatibility 0x60000000, constraints 90 00 …, level 120.
  Muxed muxed(
      "video/x-h265,stream-format=hvc1,alignment=au,width=640,height=480,framerate=25/1,"
      "codec_data=(buffer)0101600000009000000000007800000000000000000000");

  const auto made = muxed.Frame(true);
  ASSERT_FALSE(made.empty());
  const auto init = ReadInit(BytesOf(made.at(0)));

  ASSERT_TRUE(init) << init.error().message;
  EXPECT_EQ(init->video_codec, "hvc1.1.6.L120.90");
}

TEST(InitReader, RefusesWhatIsNoInitSegment) {
  for (const std::string& text : {std::string(), std::string("abc"), std::string(100, '\0')}) {
    EXPECT_FALSE(ReadInit(Adopt(g_bytes_new(text.data(), text.size()))));
  }
}

TEST(InitReader, SurvivesOneThatIsCutOff) {
  Muxed muxed;
  muxed.AddSound();
  const GRef<GBytes> whole = BytesOf(muxed.Frame(true).at(0));
  for (size_t size = 0; size < g_bytes_get_size(whole.Get()); ++size) {
    (void)ReadInit(Adopt(g_bytes_new_from_bytes(whole.Get(), 0, size)));
  }
}

}  // namespace
}  // namespace ronin::live
