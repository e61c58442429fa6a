// SPDX-License-Identifier: MIT
// Speaking to gst-rtsp-server's own back channel, which is not ours: what arrives, and how it ends.
#include "talk/talk.h"

#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include <gst/rtsp-server/rtsp-server.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "support/main_loop.h"
#include "talk/talks.h"

namespace ronin::talk {
namespace {

using namespace std::chrono_literals;

std::atomic<int64_t> g_heard{0};  // bytes that came by the back channel

void OnHandOff(GstElement*, GstBuffer* buffer, GstPad*, gpointer) noexcept {
  g_heard += int64_t(gst_buffer_get_size(buffer));
}

void OnMedia(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer) noexcept {
  GstElement* whole = gst_rtsp_media_get_element(media);
  GstElement* ear = gst_bin_get_by_name(GST_BIN(whole), "ear");
  if (ear != nullptr) {
    g_signal_connect(ear, "handoff", G_CALLBACK(OnHandOff), nullptr);
    gst_object_unref(ear);
  }
  gst_object_unref(whole);
}

/// A camera with a picture, and a loudspeaker in G.711 µ-law, on a thread of its own.
class Camera {
 public:
  Camera() {
    g_heard = 0;
    context_ = Adopt(g_main_context_new());
    loop_ = Adopt(g_main_loop_new(context_.Get(), FALSE));
    server_ = gst_rtsp_onvif_server_new();
    gst_rtsp_server_set_address(server_, "127.0.0.1");
    gst_rtsp_server_set_service(server_, "0");
    GstRTSPMediaFactory* factory = gst_rtsp_onvif_media_factory_new();
    gst_rtsp_media_factory_set_launch(
        factory,
        // Nobody sets the picture up, so that it goes nowhere; without errorignore that is an
        // error, and when it comes while the server goes to PLAYING, the back channel never does.
        "( videotestsrc is-live=true ! video/x-raw,format=I420,width=160,height=120,framerate=5/1 !"
        " errorignore ignore-notlinked=true convert-to=ok ! jpegenc ! rtpjpegpay name=pay0 )");
    gst_rtsp_onvif_media_factory_set_backchannel_launch(
        GST_RTSP_ONVIF_MEDIA_FACTORY(factory),
        "( capsfilter caps=\"application/x-rtp,media=audio,payload=0,clock-rate=8000,"
        "encoding-name=PCMU\" name=depay_backchannel ! rtppcmudepay ! fakesink name=ear"
        " signal-handoffs=true async=false sync=false )");
    gst_rtsp_media_factory_set_media_gtype(factory, GST_TYPE_RTSP_ONVIF_MEDIA);
    g_signal_connect(factory, "media-configure", G_CALLBACK(OnMedia), nullptr);
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_);
    gst_rtsp_mount_points_add_factory(mounts, "/stream", factory);
    g_object_unref(mounts);
    source_ = gst_rtsp_server_create_source(server_, nullptr, nullptr);
    g_source_attach(source_, context_.Get());
    url_ = Concat("rtsp://127.0.0.1:", gst_rtsp_server_get_bound_port(server_), "/stream");
    thread_ = std::thread([this] { g_main_loop_run(loop_.Get()); });
  }
  ~Camera() {
    HangUp();
    g_main_loop_quit(loop_.Get());
    thread_.join();
    g_source_destroy(source_);
    g_source_unref(source_);
    g_object_unref(server_);
  }

  const std::string& url() const { return url_; }
  /// Ends all connections.
  void HangUp() {
    GList* all = gst_rtsp_server_client_filter(
        server_,
        [](GstRTSPServer*, GstRTSPClient* client, gpointer) noexcept {
          gst_rtsp_client_close(client);
          return GST_RTSP_FILTER_REMOVE;
        },
        nullptr);
    g_list_free_full(all, g_object_unref);
  }

 private:
  GRef<GMainContext> context_;
  GRef<GMainLoop> loop_;
  GstRTSPServer* server_ = nullptr;
  GSource* source_ = nullptr;
  std::string url_;
  std::thread thread_;
};

class TalkTest : public ::testing::Test {
 protected:
  std::unique_ptr<Talk> Start(TalkLimits limits = {}) {
    return std::make_unique<Talk>(
        camera::RtspSource{.url = camera_.url()}, 8000, limits, clock_, reaper_,
        Talk::Events{.ready = [this](const BackChannel& channel) { ready_ = channel; },
                     .dropped = [](std::chrono::milliseconds) {},
                     .ended = [this](TalkEnd end) { end_ = std::move(end); }});
  }
  /// Speaks for as long as the main loop runs.
  Source Speak(Talk& talk) {
    return Source::Every(20ms, [&talk] {
      std::string samples;
      for (int i = 0; i < 160; ++i) samples += i % 2 == 0 ? std::string("\0\x20", 2) : "\0\0";
      talk.Push(samples);
    });
  }

  SystemClock clock_;
  gst::Reaper reaper_;
  Camera camera_;
  std::optional<BackChannel> ready_;
  std::optional<TalkEnd> end_;
};

TEST_F(TalkTest, IsHeardAtTheCamera) {
  const auto talk = Start();
  ASSERT_TRUE(testing::PumpUntil([&] { return ready_ || end_; }));
  ASSERT_TRUE(ready_) << end_->code << ": " << end_->detail;
  EXPECT_EQ(ready_->codec, Codec::kPcmu);

  const Source speaking = Speak(*talk);

  EXPECT_TRUE(testing::PumpUntil([] { return g_heard >= 8000; })) << g_heard << " bytes";
  talk->End({"stopped", "Enough."});
  EXPECT_EQ(end_->code, "stopped");
}

TEST_F(TalkTest, EndsWhenNothingIsSaid) {
  const auto talk = Start({.silence = 600ms});
  ASSERT_TRUE(testing::PumpUntil([&] { return ready_ || end_; }));
  Source room = Source::Every(20ms, [&] { talk->Push(std::string(320, '\x01')); });

  ASSERT_TRUE(testing::PumpUntil([&] { return end_.has_value(); }));

  EXPECT_EQ(end_->code, "silent");
}

TEST_F(TalkTest, EndsWhenTheCameraHangsUp) {
  const auto talk = Start();
  ASSERT_TRUE(testing::PumpUntil([&] { return ready_ || end_; }));
  const Source speaking = Speak(*talk);
  ASSERT_TRUE(testing::PumpUntil([] { return g_heard > 0; }));

  camera_.HangUp();

  ASSERT_TRUE(testing::PumpUntil([&] { return end_.has_value(); }));
  EXPECT_EQ(end_->code, "unreachable") << end_->detail;
}

TEST_F(TalkTest, LeavesNothingBehind) {
  for (int i = 0; i < 5; ++i) {
    ready_.reset();
    const auto talk = Start();
    ASSERT_TRUE(testing::PumpUntil([&] { return ready_ || end_; }));
  }

  EXPECT_TRUE(testing::PumpUntil([&] { return reaper_.Held(Talk::kName) == 0; }));
  EXPECT_EQ(reaper_.Stuck(), 0U);
}

}  // namespace
}  // namespace ronin::talk
