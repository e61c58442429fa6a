// SPDX-License-Identifier: MIT
#include "support/frame_numbers.h"

#include <filesystem>

#include <gst/gst.h>
#include <gtest/gtest.h>

#include "base/g_ref.h"
#include "base/text.h"
#include "support/fake_camera.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::testing {
namespace {

/// Records pictures of a camera into an MP4 file until the camera has sent `frames`.
void Record(const FakeCamera& camera, bool h264, const std::string& file, size_t frames) {
  const std::string text =
      Concat("rtspsrc protocols=tcp latency=0 buffer-mode=none location=", camera.url(), " ! ",
             h264 ? "rtph264depay ! h264parse" : "rtph265depay ! h265parse",
             " ! mp4mux ! filesink location=", file);
  const std::unique_ptr<GstElement, FreeWith<gst_object_unref>> pipeline(
      gst_parse_launch(text.c_str(), nullptr));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  ASSERT_TRUE(PumpUntil([&] { return camera->sent().size() >= frames; }));
  gst_element_send_event(pipeline.get(), gst_event_new_eos());
  const std::unique_ptr<GstBus, FreeWith<gst_object_unref>> bus(
      gst_element_get_bus(pipeline.get()));
  const std::unique_ptr<GstMessage, FreeWith<gst_message_unref>> end(gst_bus_timed_pop_filtered(
      bus.get(), 10 * GST_SECOND, GstMessageType(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  ASSERT_TRUE(end);
  ASSERT_EQ(GST_MESSAGE_TYPE(end.get()), GST_MESSAGE_EOS);
}

class FrameNumbers : public ::testing::TestWithParam<demo::VideoCodec> {
 protected:
  demo::ClipSpec Spec() const {
    demo::ClipSpec out = demo::NumberedClip();
    out.seconds = 2;
    out.video = GetParam();
    return out;
  }
  TempDir folder_;
};

TEST_P(FrameNumbers, AreReadBackFromARecording) {
  const FakeCamera camera({.clip = Spec()});
  const std::string file = folder_ / "a.mp4";
  Record(camera, GetParam() == demo::VideoCodec::kH264, file, 60);

  const auto frames = ReadFrameNumbers(file);
  const auto packets = FfprobeIsSilent(file);
  const auto pictures = DecodesSilently(file);

  ASSERT_TRUE(frames) << frames.error().Text();
  ASSERT_GT(frames->size(), 40U);
  const auto sent = camera.sent();
  for (size_t i = 0; i < frames->size(); ++i) {
    const RecordedFrame& frame = (*frames)[i];
    EXPECT_EQ(frame.number, sent[i].number);
    EXPECT_EQ(frame.sender_utc_ns, sent[i].utc_ns);
    EXPECT_EQ(frame.sender_mono_ns, sent[i].mono_ns);
    EXPECT_EQ(frame.keyframe, sent[i].keyframe);
    EXPECT_NEAR(frame.pts_seconds - frames->front().pts_seconds, double(i) / 25, 0.002);
  }
  ASSERT_TRUE(packets) << packets.error().Text();
  ASSERT_TRUE(pictures) << pictures.error().Text();
  EXPECT_EQ(size_t(*packets), frames->size());
  EXPECT_EQ(size_t(*pictures), frames->size());
}

INSTANTIATE_TEST_SUITE_P(Codecs, FrameNumbers,
                         ::testing::Values(demo::VideoCodec::kH264, demo::VideoCodec::kH265));

TEST(FrameNumbersErrors, ACutFileIsCorrupt) {
  const TempDir folder;
  const FakeCamera camera;
  const std::string file = folder / "a.mp4";
  Record(camera, true, file, 30);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);

  const auto frames = ReadFrameNumbers(file);
  const auto packets = FfprobeIsSilent(file);

  ASSERT_FALSE(frames);
  EXPECT_EQ(frames.error().kind, ErrorKind::kCorrupt);
  EXPECT_FALSE(packets);
}

TEST(FrameNumbersErrors, AMissingFileIsCorrupt) {
  EXPECT_FALSE(ReadFrameNumbers("/no/such/file.mp4"));
}

}  // namespace
}  // namespace ronin::testing
