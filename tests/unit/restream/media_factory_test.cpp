// SPDX-License-Identifier: MIT
#include "restream/media_factory.h"

#include <gtest/gtest.h>

namespace ronin::restream {
namespace {

/// What is warned of ends the test: G_DEBUG is fatal-criticals.
TEST(MediaFactory, MakesNothingOfAStreamWithoutAPicture) {
  const auto feed = std::make_shared<Feed>(Feed::Limits{}, [] {});
  const auto factory = MakeMediaFactory(feed);
  GstRTSPUrl* url = nullptr;
  ASSERT_EQ(gst_rtsp_url_parse("rtsp://127.0.0.1/cameras/1/main", &url), GST_RTSP_OK);

  EXPECT_EQ(gst_rtsp_media_factory_construct(factory.Get(), url), nullptr);

  gst_rtsp_url_free(url);
}

}  // namespace
}  // namespace ronin::restream
