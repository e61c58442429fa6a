// SPDX-License-Identifier: MIT
#include "camera/rtsp_tracks.h"

#include <gtest/gtest.h>

#include "gst/element.h"

namespace ronin::camera {
namespace {

constexpr const char* kAac =
    "application/x-unknown,media=audio,payload=98,clock-rate=16000,encoding-name=MPEG4-GENERIC,"
    "mode=AAC-hbr,config=(string)1408";

class RtspTracksTest : public ::testing::Test {
 protected:
  bool Selects(const char* caps) {
    const GRef<GstCaps> parsed = Adopt(gst_caps_from_string(caps));
    return tracks_.SelectTrack(0, parsed.Get());
  }

  /// The text of the error that the pipeline was told; empty when there is none.
  std::string Complaint() {
    const GRef<GstBus> bus = Adopt(gst_element_get_bus(pipeline_.Get()));
    GstMessage* message = gst_bus_pop_filtered(bus.Get(), GST_MESSAGE_ERROR);
    if (message == nullptr) return "";
    const std::string out = gst::ErrorText(message);
    gst_message_unref(message);
    return out;
  }

  SystemClock clock_;
  GRef<GstElement> pipeline_ = Share(gst_pipeline_new(nullptr));
  std::shared_ptr<StreamFacts> facts_ = std::make_shared<StreamFacts>();
  RtspTracks tracks_{pipeline_.Get(), nullptr, nullptr, true, clock_, facts_};
};

TEST_F(RtspTracksTest, TakeTheFirstVideoAndTheFirstAudioTrack) {
  EXPECT_TRUE(Selects("application/x-rtp,media=video,payload=96,encoding-name=H264"));
  EXPECT_FALSE(Selects("application/x-rtp,media=video,payload=97,encoding-name=H264"));
  EXPECT_TRUE(Selects(kAac));
  EXPECT_FALSE(Selects("application/x-rtp,media=application,payload=99,encoding-name=X"));
  EXPECT_TRUE(facts_->audio_offered);
}

TEST_F(RtspTracksTest, KnowTheKindsThatSdpNeedNotName) {
  EXPECT_TRUE(Selects("application/x-rtp,media=audio,payload=0,clock-rate=8000"));
  EXPECT_FALSE(Selects("application/x-rtp,media=video,payload=26,clock-rate=90000"));
  EXPECT_NE(Complaint().find("The camera sends JPEG video; set it to H.264 or H.265."),
            std::string::npos);
}

TEST_F(RtspTracksTest, AVideoTrackOfAnotherKindIsPassedOverWhenAGoodOneComes) {
  tracks_.OfferVideoTracks(2);

  EXPECT_FALSE(Selects("application/x-rtp,media=video,payload=26,encoding-name=JPEG"));
  EXPECT_TRUE(Selects("application/x-rtp,media=video,payload=96,encoding-name=H264"));

  EXPECT_EQ(Complaint(), "");
}

TEST_F(RtspTracksTest, AVideoTrackOfAnotherKindBehindAGoodOneIsPassedOver) {
  tracks_.OfferVideoTracks(2);

  EXPECT_TRUE(Selects("application/x-rtp,media=video,payload=96,encoding-name=H264"));
  EXPECT_FALSE(Selects("application/x-rtp,media=video,payload=26,encoding-name=JPEG"));

  EXPECT_EQ(Complaint(), "");
}

TEST_F(RtspTracksTest, AreTakenAgainWhenTheCameraDescribesThemAgain) {
  for (int i = 0; i < 2; ++i) {
    tracks_.OfferVideoTracks(1);
    EXPECT_TRUE(Selects("application/x-rtp,media=video,payload=96,encoding-name=H264")) << i;
    EXPECT_TRUE(Selects(kAac)) << i;
  }
}

TEST_F(RtspTracksTest, SoundThatNoDepayloaderTakesIsLeftOut) {
  EXPECT_FALSE(
      Selects("application/x-rtp,media=audio,payload=98,clock-rate=16000,"
              "encoding-name=MPEG4-GENERIC,mode=odd,config=(string)1408"));
  EXPECT_FALSE(
      Selects("application/x-rtp,media=audio,payload=98,clock-rate=16000,"
              "encoding-name=MPEG4-GENERIC,mode=AAC-hbr"))
      << "nobody could play it";

  EXPECT_FALSE(facts_->audio_offered);
  EXPECT_EQ(Complaint(), "");
}

TEST_F(RtspTracksTest, SayThatThereIsNoVideo) {
  tracks_.PostNoVideo();

  EXPECT_NE(Complaint().find("describes no video"), std::string::npos);
}

TEST_F(RtspTracksTest, TheChainOfEachKindCanBeBuilt) {
  for (const char* kind :
       {"MPEG4-GENERIC", "MP4A-LATM", "OPUS", "PCMU", "PCMA", "L16", "G722", "MPA"}) {
    GError* error = nullptr;
    GstElement* bin = gst_parse_bin_from_description(AudioChain(kind), TRUE, &error);
    EXPECT_EQ(error, nullptr) << kind << ": " << (error != nullptr ? error->message : "");
    g_clear_error(&error);
    if (bin != nullptr) gst_object_unref(gst_object_ref_sink(bin));
  }
}

TEST_F(RtspTracksTest, SayThatTheKindIsUnknown) {
  EXPECT_FALSE(Selects("application/x-rtp,media=video,payload=99"));

  EXPECT_NE(Complaint().find("The camera sends an unknown kind of video"), std::string::npos);
}

}  // namespace
}  // namespace ronin::camera
