// SPDX-License-Identifier: MIT
#include "base/url_secrets.h"

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(MaskUrlSecrets, HidesTheValuesOfAQueryThatMayBeSecret) {
  EXPECT_EQ(MaskUrlSecrets("rtsp://c/s?token=abc"), "rtsp://c/s?token=***");
  EXPECT_EQ(MaskUrlSecrets("rtsp://c/s?user=a&PWD=1234&channel=1&x=longer"),
            "rtsp://c/s?user=***&PWD=***&channel=1&x=***");
  EXPECT_EQ(MaskUrlSecrets("rtsp://c?token=a/b?c"), "rtsp://c?token=***");
  EXPECT_EQ(MaskUrlSecrets("rtsp://[2001:db8::1]:554/s?abcdef"), "rtsp://[2001:db8::1]:554/s?***");
}

TEST(MaskUrlSecrets, ShowsWhatCamerasCommonlyTake) {
  for (const char* url :
       {"rtsp://c/", "rtsp://c", "", "rtsp://c/s?", "rtsp://c/s?&&",
        "rtsp://c/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif",
        "rtsp://c/axis-media/media.amp?videocodec=h264&resolution=1280x720&camera=1",
        "rtsp://c/Streaming/Channels/101?transportmode=unicast&profile=Profile_1",
        "rtsps://c:7441/abc?enableSrtp", "rtsp://c/rtsp_tunnel?inst=2&h26x=4", "rtsp://c/s?n=12",
        "rtsp://c/1.sdp?real_stream", "rtsp://c/s?token="}) {
    EXPECT_EQ(MaskUrlSecrets(url), url);
  }
}

TEST(MaskUrlSecrets, HidesPasswordsInAPath) {
  EXPECT_EQ(MaskUrlSecrets("rtsp://c/user=admin&password=x_y&channel=1&stream=0.sdp?real_stream"),
            "rtsp://c/user=admin&password=***&channel=1&stream=0.sdp?real_stream");
  EXPECT_EQ(MaskUrlSecrets("rtsp://c/user=admin_password=tl_J_channel=1_stream=0.sdp"),
            "rtsp://c/user=admin_password=***_channel=1_stream=0.sdp");
  EXPECT_EQ(MaskUrlSecrets("rtsp://c/a/Token=x/b"), "rtsp://c/a/Token=***/b");
  EXPECT_EQ(MaskUrlSecrets("rtsp://c/password="), "rtsp://c/password=");
}

TEST(FillUrlSecrets, PutsBackWhatWasHidden) {
  for (const char* url :
       {"rtsp://c/s?token=abc", "rtsp://c/s?a=hidden1&a=hidden2&hidden3&channel=1",
        "rtsp://c/user=admin_password=tl_J_channel=1_stream=0.sdp?x=hidden", "rtsp://c/s", ""}) {
    EXPECT_EQ(FillUrlSecrets(MaskUrlSecrets(url), url).value(), url);
  }
}

TEST(FillUrlSecrets, LeavesTheRestAsItWasEdited) {
  const char* stored = "rtsp://old/s?a=hidden1&b=hidden2";
  EXPECT_EQ(FillUrlSecrets("rtsp://new/t?b=***&channel=2&a=***", stored).value(),
            "rtsp://new/t?b=hidden2&channel=2&a=hidden1");
  EXPECT_EQ(
      FillUrlSecrets("rtsp://old/s?a=given&a=***", "rtsp://old/s?a=hidden1&a=hidden2").value(),
      "rtsp://old/s?a=given&a=hidden2");
  EXPECT_EQ(FillUrlSecrets("rtsp://old/s", stored).value(), "rtsp://old/s");
}

TEST(FillUrlSecrets, RefusesAMaskThatStandsForNothing) {
  for (const char* url : {"rtsp://c/s?b=***", "rtsp://c/s?a=***&a=***", "rtsp://c/s?***"}) {
    const auto filled = FillUrlSecrets(url, "rtsp://c/s?a=hidden");

    ASSERT_FALSE(filled) << url;
    EXPECT_EQ(filled.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_NE(filled.error().message.find("write the secret itself"), std::string::npos);
  }
}

}  // namespace
}  // namespace ronin
