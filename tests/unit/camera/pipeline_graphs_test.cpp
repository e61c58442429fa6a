// SPDX-License-Identifier: MIT
#include "camera/pipeline_graphs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The graph of a pipeline whose media have run through `caps`.
std::string DotOfMedia(const std::string& caps) {
  const std::string line = "fakesrc name=camera num-buffers=1 ! capsfilter caps=\"" + caps +
                           "\" ! fakesink name=disk async=false";
  const GRef<GstElement> pipeline = Share(gst_parse_launch(line.c_str(), nullptr));
  EXPECT_TRUE(pipeline);
  gst_element_set_state(pipeline.Get(), GST_STATE_PLAYING);
  const GRef<GstBus> bus = Adopt(gst_element_get_bus(pipeline.Get()));
  const auto end = Adopt(gst_bus_timed_pop_filtered(bus.Get(), 5 * GST_SECOND, GST_MESSAGE_EOS));
  EXPECT_TRUE(end);
  std::string out = DotOf(pipeline.Get());
  gst_element_set_state(pipeline.Get(), GST_STATE_NULL);
  return out;
}

TEST(DotOf, ShowsElementsAndTheirMedia) {
  const std::string dot = DotOfMedia("video/x-h264, width=(int)640, profile=(string)high");

  EXPECT_TRUE(dot.starts_with("digraph pipeline {")) << dot;
  for (const char* part : {"camera", "disk", "video/x-h264", "width: 640", "profile: high"}) {
    EXPECT_THAT(dot, HasSubstr(part));
  }
}

TEST(DotOf, MasksWhatMediaSayThatIsNotKnownToBeHarmless) {
  const std::string dot = DotOfMedia(
      "application/x-rtp, media=(string)video, a-canary=(string)\\\"rtsp://u:canary-1@h\\\", "
      "srtp-key=(string)canary-2, nested=(structure)[s,a=(string)canary-3;], "
      "z=(string)\\\"a\\\\lwidth: canary-4\\\"");

  EXPECT_THAT(dot, HasSubstr("media: video"));
  EXPECT_THAT(dot, HasSubstr("srtp-key: ***"));
  EXPECT_THAT(dot, Not(HasSubstr("canary-1")));
  EXPECT_THAT(dot, Not(HasSubstr("canary-2")));
  EXPECT_THAT(dot, Not(HasSubstr("canary-3")));
  EXPECT_THAT(dot, Not(HasSubstr("canary-4")));
}

TEST(DotOf, ShowsNoProperties) {
  const GRef<GstElement> pipeline = Share(gst_parse_launch(
      "rtspsrc location=rtsp://192.0.2.1/?t=canary user-id=canary user-pw=canary ! fakesink",
      nullptr));
  ASSERT_TRUE(pipeline);

  EXPECT_THAT(DotOf(pipeline.Get()), Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace ronin::camera
