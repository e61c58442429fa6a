// SPDX-License-Identifier: MIT
#include "camera/sdp_repair.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

class SdpRepairTest : public ::testing::Test {
 protected:
  ~SdpRepairTest() override {
    if (sdp_ != nullptr) gst_sdp_message_free(sdp_);
  }
  void Repair(const std::string& text, const std::string& base = "") {
    gst_sdp_message_new_from_text(("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=x\r\n" + text).c_str(),
                                  &sdp_);
    ASSERT_NE(sdp_, nullptr);
    RepairSdp(sdp_, base);
  }
  std::string Session(const char* key) const {
    const char* value = gst_sdp_message_get_attribute_val(sdp_, key);
    return value != nullptr ? value : "none";
  }
  std::string Track(guint number, const char* key) const {
    const char* value =
        gst_sdp_media_get_attribute_val(gst_sdp_message_get_media(sdp_, number), key);
    return value != nullptr ? value : "none";
  }

  GstSDPMessage* sdp_ = nullptr;
};

TEST_F(SdpRepairTest, AVideoTrackWithoutAnAddressHasThatOfTheWhole) {
  Repair("a=control:*\r\nm=video 0 RTP/AVP 96\r\nm=audio 0 RTP/AVP 0\r\n");

  EXPECT_EQ(Track(0, "control"), "");
  EXPECT_EQ(Track(1, "control"), "none");
}

TEST_F(SdpRepairTest, AStarMeansTheWhole) {
  Repair("m=video 0 RTP/AVP 96\r\na=control:*\r\n");

  EXPECT_EQ(Track(0, "control"), "");
}

TEST_F(SdpRepairTest, AddressesThatAreThereStay) {
  Repair(
      "a=control:rtsp://192.0.2.1/s\r\nm=video 0 RTP/AVP 96\r\nm=video 0 RTP/AVP 96\r\n"
      "a=control:trackID=1\r\n");

  EXPECT_EQ(Track(0, "control"), "none");
  EXPECT_EQ(Track(1, "control"), "trackID=1");
}

TEST_F(SdpRepairTest, TheBaseIsAddedWhereTheCameraNamesNoneThatIsUsable) {
  Repair("m=video 0 RTP/AVP 96\r\na=control:trackID=1\r\n", "rtsp://192.0.2.1/s");

  EXPECT_EQ(Session("control"), "rtsp://192.0.2.1/s");
}

TEST_F(SdpRepairTest, AacWithoutAModeHasTheUsualOne) {
  Repair(
      "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/16000\r\na=fmtp:97 config=1408\r\n"
      "m=audio 0 RTP/AVP 98\r\na=rtpmap:98 MPEG4-GENERIC/8000\r\n"
      "a=fmtp:98 Mode=AAC-lbr;config=1588\r\n"
      "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMU/8000/1\r\na=fmtp:8 vad=no\r\n");

  EXPECT_EQ(Track(0, "fmtp"),
            "97 config=1408;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3");
  EXPECT_EQ(Track(1, "fmtp"), "98 Mode=AAC-lbr;config=1588");
  EXPECT_EQ(Track(2, "fmtp"), "8 vad=no");
}

TEST_F(SdpRepairTest, NothingToRepairIsNoError) {
  Repair("");

  EXPECT_EQ(gst_sdp_message_medias_len(sdp_), 0U);
}

}  // namespace
}  // namespace ronin::camera
