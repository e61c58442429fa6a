// SPDX-License-Identifier: MIT
#include "gst/keyframe_jpeg.h"

#include <cstring>
#include <fstream>
#include <string>

#include <gst/app/gstappsink.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "support/jpeg_size.h"
#include "support/shell.h"
#include "support/temp_dir.h"

namespace ronin::gst {
namespace {

using ronin::testing::JpegSizeOf;
using ronin::testing::PictureSize;

/// One picture of a test pattern, coded by `encoder`.
GRef<GstSample> Keyframe(const std::string& raw, const std::string& encoder,
                         const std::string& pattern) {
  const std::string line = Concat("videotestsrc num-buffers=1 pattern=", pattern, " ! video/x-raw,",
                                  raw, " ! ", encoder, " ! appsink name=out sync=false");
  const GRef<GstElement> pipeline = Share(gst_parse_launch(line.c_str(), nullptr));
  gst_element_set_state(pipeline.Get(), GST_STATE_PLAYING);
  const auto out = Adopt(gst_bin_get_by_name(GST_BIN(pipeline.Get()), "out"));
  GRef<GstSample> sample = Adopt(gst_app_sink_pull_sample(GST_APP_SINK(out.Get())));
  gst_element_set_state(pipeline.Get(), GST_STATE_NULL);
  return sample;
}

GRef<GstSample> H264(const std::string& size, const std::string& pattern = "ball") {
  return Keyframe(size,
                  "x264enc speed-preset=ultrafast ! h264parse ! "
                  "video/x-h264,stream-format=avc,alignment=au",
                  pattern);
}

/// The brightness of the first pixel, 0 to 255, as ffmpeg sees it.
int Brightness(GBytes* jpeg) {
  const ronin::testing::TempDir dir;
  gsize size = 0;
  const auto* bytes = static_cast<const char*>(g_bytes_get_data(jpeg, &size));
  std::ofstream(dir / "a.jpg", std::ios::binary).write(bytes, std::streamsize(size));
  return std::stoi(
      ronin::testing::Shell(Concat("ffmpeg -v error -i ", dir / "a.jpg",
                                   " -vf crop=2:2 -f rawvideo -pix_fmt gray - | od -An -tu1")));
}

/// The same sample with these caps, and its bytes filled with `byte` from `begin` on.
GRef<GstSample> Changed(GstSample* sample, const char* caps, size_t begin, uint8_t byte) {
  GstBuffer* buffer = gst_buffer_copy_deep(gst_sample_get_buffer(sample));
  GstMapInfo map;
  gst_buffer_map(buffer, &map, GST_MAP_WRITE);
  if (begin < map.size) std::memset(map.data + begin, byte, map.size - begin);
  gst_buffer_unmap(buffer, &map);
  const GRef<GstCaps> own =
      caps != nullptr ? Adopt(gst_caps_from_string(caps)) : Share(gst_sample_get_caps(sample));
  GRef<GstSample> out = Adopt(gst_sample_new(buffer, own.Get(), nullptr, nullptr));
  gst_buffer_unref(buffer);
  return out;
}

TEST(KeyframeJpeg, IsScaledDownAndKeepsItsShape) {
  const auto sample = H264("width=1920,height=1080");
  ASSERT_TRUE(sample);

  const auto jpeg = JpegOfKeyframe(sample.Get());

  ASSERT_TRUE(jpeg) << jpeg.error().Text();
  EXPECT_EQ(JpegSizeOf(jpeg->Get()), (PictureSize{640, 360}));
}

TEST(KeyframeJpeg, IsNotScaledUpAndIsAsSmallAsItIsAskedFor) {
  const auto sample = H264("width=320,height=240");
  ASSERT_TRUE(sample);

  EXPECT_EQ(JpegSizeOf(JpegOfKeyframe(sample.Get()).value().Get()), (PictureSize{320, 240}));
  EXPECT_EQ(JpegSizeOf(JpegOfKeyframe(sample.Get(), {.max_width = 160}).value().Get()),
            (PictureSize{160, 120}));
}

TEST(KeyframeJpeg, HasSquarePixels) {
  const auto sample = H264("width=352,height=576,pixel-aspect-ratio=2/1");
  ASSERT_TRUE(sample);

  const auto jpeg = JpegOfKeyframe(sample.Get());

  ASSERT_TRUE(jpeg) << jpeg.error().Text();
  EXPECT_EQ(JpegSizeOf(jpeg->Get()), (PictureSize{640, 524}));
}

TEST(KeyframeJpeg, IsAsBrightAsThePicture) {
  const auto white = H264("width=640,height=360", "white");
  const auto black = H264("width=640,height=360", "black");
  ASSERT_TRUE(white && black);

  EXPECT_GE(Brightness(JpegOfKeyframe(white.Get()).value().Get()), 250);
  EXPECT_LE(Brightness(JpegOfKeyframe(black.Get()).value().Get()), 5);
}

TEST(KeyframeJpeg, OfAnotherCodecIsRefused) {
  const auto sample = H264("width=320,height=240");
  ASSERT_TRUE(sample);
  const auto other = Changed(sample.Get(), "image/jpeg,width=320,height=240", SIZE_MAX, 0);

  const auto jpeg = JpegOfKeyframe(other.Get());

  ASSERT_FALSE(jpeg);
  EXPECT_EQ(jpeg.error().kind, ErrorKind::kUnsupported);
}

TEST(KeyframeJpeg, LargerThanAnyCameraIsRefused) {
  const auto sample = H264("width=320,height=240");
  ASSERT_TRUE(sample);
  const auto large = Changed(sample.Get(), "video/x-h264,width=16384,height=16384", SIZE_MAX, 0);

  const auto jpeg = JpegOfKeyframe(large.Get());

  ASSERT_FALSE(jpeg);
  EXPECT_EQ(jpeg.error().kind, ErrorKind::kUnsupported);
}

TEST(KeyframeJpeg, ThatIsDamagedEndsInAnErrorSoon) {
  const auto sample = H264("width=320,height=240");
  ASSERT_TRUE(sample);
  for (const uint8_t byte : {uint8_t{0x00}, uint8_t{0xff}}) {
    const auto damaged = Changed(sample.Get(), nullptr, 0, byte);

    const auto jpeg = JpegOfKeyframe(damaged.Get());

    ASSERT_FALSE(jpeg) << int(byte);
    EXPECT_EQ(jpeg.error().kind, ErrorKind::kCorrupt) << jpeg.error().Text();
  }
}

TEST(KeyframeJpeg, WhosePictureDiffersFromItsCapsIsMadeAllTheSame) {
  const auto sample = H264("width=320,height=240");
  ASSERT_TRUE(sample);
  const GRef<GstCaps> caps = Adopt(gst_caps_copy(gst_sample_get_caps(sample.Get())));
  gst_caps_set_simple(caps.Get(), "width", G_TYPE_INT, 640, "height", G_TYPE_INT, 480, nullptr);
  const auto other =
      Adopt(gst_sample_new(gst_sample_get_buffer(sample.Get()), caps.Get(), nullptr, nullptr));

  const auto jpeg = JpegOfKeyframe(other.Get());

  ASSERT_TRUE(jpeg) << jpeg.error().Text();
  EXPECT_EQ(JpegSizeOf(jpeg->Get()), (PictureSize{640, 480}));
}

}  // namespace
}  // namespace ronin::gst
