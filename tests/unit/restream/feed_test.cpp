// SPDX-License-Identifier: MIT
#include "restream/feed.h"

#include <thread>

#include <gst/app/gstappsink.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace ronin::restream {
namespace {

using namespace std::chrono_literals;

constexpr const char* kH264 = "video/x-h264,stream-format=avc,alignment=au";
constexpr size_t kFrame = 1000;  // bytes

/// A pad of the camera that frames come by on.
class Track {
 public:
  explicit Track(const char* caps) : pad_(Share(gst_pad_new("sink", GST_PAD_SINK))) {
    gst_pad_set_active(pad_.Get(), TRUE);
    Announce(caps);
  }
  ~Track() { gst_pad_set_active(pad_.Get(), FALSE); }
  void Announce(const char* text) {
    const GRef<GstCaps> caps = Adopt(gst_caps_from_string(text));
    GstEvent* begin = gst_event_new_stream_start("test");
    gst_pad_store_sticky_event(pad_.Get(), begin);
    gst_event_unref(begin);
    GstEvent* event = gst_event_new_caps(caps.Get());
    gst_pad_store_sticky_event(pad_.Get(), event);
    gst_event_unref(event);
  }
  GstPad* pad() const { return pad_.Get(); }

 private:
  const GRef<GstPad> pad_;
};

/// One client: what its payloader would get.
class Client {
 public:
  explicit Client(uint64_t most, bool takes = true) {
    GErrorPtr error;
    pipeline_ = Share(gst_parse_launch(
        Concat("appsrc name=video is-live=true format=time max-bytes=0 ! appsink name=sink "
               "sync=false max-buffers=",
               takes ? 0 : 1)
            .c_str(),
        Out(error)));
    source_ = Adopt(gst_bin_get_by_name(GST_BIN(pipeline_.Get()), "video"));
    sink_ = Adopt(gst_bin_get_by_name(GST_BIN(pipeline_.Get()), "sink"));
    gst_element_set_state(pipeline_.Get(), GST_STATE_PLAYING);
    viewer = std::make_shared<Viewer>(source_, GRef<GstElement>(), GRef<GSocket>(), most);
  }
  ~Client() { gst_element_set_state(pipeline_.Get(), GST_STATE_NULL); }

  /// The next frame's size, which tells frames apart; 0: none comes.
  size_t Next() {
    GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.Get()), GST_SECOND / 4);
    if (sample == nullptr) return 0;
    const size_t out = gst_buffer_get_size(gst_sample_get_buffer(sample));
    gst_sample_unref(sample);
    return out;
  }

  std::shared_ptr<Viewer> viewer;

 private:
  GRef<GstElement> pipeline_;
  GRef<GstElement> source_;
  GRef<GstElement> sink_;
};

class FeedTest : public ::testing::Test {
 protected:
  FeedTest() {
    facts_->last_video_us = 1;
    feed_.Begin(facts_);
  }
  /// Frame `number` has kFrame + number bytes.
  void Send(int number, bool keyframe) {
    const GRef<GstBuffer> frame =
        Adopt(gst_buffer_new_allocate(nullptr, kFrame + size_t(number), nullptr));
    GST_BUFFER_PTS(frame.Get()) = GstClockTime(number) * 40 * GST_MSECOND;
    if (!keyframe) GST_BUFFER_FLAG_SET(frame.Get(), GST_BUFFER_FLAG_DELTA_UNIT);
    feed_.OnVideo(video_.pad(), frame.Get());
  }
  Tracks Told() {
    auto tracks = feed_.Await(0ms);
    EXPECT_TRUE(tracks);
    return tracks ? *tracks : Tracks();
  }

  Track video_{kH264};
  std::shared_ptr<camera::StreamFacts> facts_ = std::make_shared<camera::StreamFacts>();
  int wanted_ = 0;
  Feed feed_{{.gop = 10 * kFrame, .viewer = 10 * kFrame}, [this] { ++wanted_; }};
};

TEST_F(FeedTest, AViewerStartsWithTheNewestGopAndThenGetsEachFrame) {
  Send(0, true);
  Send(1, false);
  Send(2, true);
  Send(3, false);
  Client client(10 * kFrame);

  feed_.Attach(client.viewer, Told());
  Send(4, false);

  EXPECT_EQ(client.Next(), kFrame + 2);
  EXPECT_EQ(client.Next(), kFrame + 3);
  EXPECT_EQ(client.Next(), kFrame + 4);
  EXPECT_EQ(feed_.viewers(), 1U);
  feed_.Detach(client.viewer.get());
  EXPECT_EQ(feed_.viewers(), 0U);
}

TEST_F(FeedTest, OfAGopThatIsTooLargeNothingIsHeldAndWhoIsNewWaits) {
  for (int i = 0; i < 15; ++i) Send(i, i == 0);
  Client client(10 * kFrame);

  feed_.Attach(client.viewer, Told());
  Send(15, false);
  Send(16, true);

  EXPECT_EQ(client.Next(), kFrame + 16);
}

TEST_F(FeedTest, AViewerThatTakesTooLittleLosesWholeGops) {
  Send(0, true);
  Client slow(10 * kFrame, false);
  Client quick(100 * kFrame);
  feed_.Attach(slow.viewer, Told());
  feed_.Attach(quick.viewer, Told());

  for (int i = 1; i < 40; ++i) Send(i, i % 30 == 0);

  size_t last = 0;
  while (const size_t next = slow.Next()) last = next;
  EXPECT_LT(last, kFrame + 20) << "it waits for a keyframe at which there is room";
  Send(40, false);
  Send(41, true);
  EXPECT_EQ(slow.Next(), kFrame + 41);
  for (int i = 0; i < 42; ++i) EXPECT_EQ(quick.Next(), kFrame + size_t(i));
}

TEST_F(FeedTest, AnotherCodecEndsViewers) {
  Send(0, true);
  Client client(10 * kFrame);
  const Tracks told = Told();
  feed_.Attach(client.viewer, told);

  video_.Announce("video/x-h265,stream-format=hvc1,alignment=au");
  Send(1, true);
  EXPECT_EQ(feed_.viewers(), 0U);

  feed_.Attach(client.viewer, told);
  EXPECT_EQ(feed_.viewers(), 0U) << "it was told of the other one";
}

TEST_F(FeedTest, AnotherSizeDoesNot) {
  Send(0, true);
  Client client(10 * kFrame);
  feed_.Attach(client.viewer, Told());

  video_.Announce("video/x-h264,stream-format=avc,alignment=au,width=64");
  Send(1, true);

  EXPECT_EQ(feed_.viewers(), 1U);
}

TEST_F(FeedTest, SaysWhyNothingComesAndAsksForTheStream) {
  feed_.SetAway("Nothing listens there.");

  const auto tracks = feed_.Await(10s);

  ASSERT_FALSE(tracks);
  EXPECT_EQ(tracks.error().message, "Nothing listens there.");
  EXPECT_EQ(wanted_, 1);
}

TEST_F(FeedTest, WhoAsksWaitsForTheFirstPicture) {
  std::thread camera([this] { Send(0, true); });

  const auto tracks = feed_.Await(10s);

  camera.join();
  ASSERT_TRUE(tracks);
  EXPECT_FALSE(tracks->audio);
}

TEST_F(FeedTest, WhoAsksIsToldWhenNothingCame) { EXPECT_FALSE(feed_.Await(1ms)); }

TEST_F(FeedTest, TheEndOfAConnectionEndsViewersAndForgetsItsGop) {
  Send(0, true);
  Client client(10 * kFrame);
  const Tracks told = Told();
  feed_.Attach(client.viewer, told);

  feed_.End();
  EXPECT_EQ(feed_.viewers(), 0U);
  EXPECT_FALSE(feed_.Await(1ms));
  Send(1, true);
  EXPECT_FALSE(feed_.Await(1ms)) << "a frame that comes behind the end is of no use";
}

TEST_F(FeedTest, SoundIsToldWhenItIsThere) {
  Track sound("audio/mpeg,mpegversion=4,stream-format=raw");
  facts_->audio_offered = true;
  facts_->last_audio_us = 1;
  Send(0, true);
  const GRef<GstBuffer> frame = Adopt(gst_buffer_new_allocate(nullptr, 10, nullptr));
  feed_.OnAudio(sound.pad(), frame.Get());

  EXPECT_TRUE(Told().audio);

  facts_->last_video_us = 5'000'000;
  EXPECT_FALSE(Told().audio) << "it ended";
}

}  // namespace
}  // namespace ronin::restream
