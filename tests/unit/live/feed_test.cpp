// SPDX-License-Identifier: MIT
#include "live/feed.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gst/element.h"
#include "live/live_hub.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "unit/live/muxed.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;
using ronin::testing::PumpUntil;

/// A connection whose frames the test makes.
class FakeStream final : public camera::Stream {
 public:
  FakeStream() {
    gst_bin_add_many(GST_BIN(pipeline_.Get()), video_.Get(), audio_.Get(), nullptr);
    gst_element_set_state(pipeline_.Get(), GST_STATE_PLAYING);
    gst_pad_set_active(source_.Get(), TRUE);
    gst_pad_link(source_.Get(), gst::StaticPad(video_.Get(), "sink").Get());
    gst_pad_push_event(source_.Get(), gst_event_new_stream_start("test"));
    SetCaps(Muxed::H264(640));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(source_.Get(), gst_event_new_segment(&segment));
  }
  ~FakeStream() override {
    gst_pad_set_active(source_.Get(), FALSE);
    gst_element_set_state(pipeline_.Get(), GST_STATE_NULL);
  }

  GstElement* pipeline() const override { return pipeline_.Get(); }
  GstElement* video_tee() const override { return video_.Get(); }
  GstElement* audio_tee() const override { return audio_.Get(); }
  std::shared_ptr<camera::StreamFacts> facts() const override { return facts_; }

  void SetCaps(const std::string& text) {
    const GRef<GstCaps> caps = Adopt(gst_caps_from_string(text.c_str()));
    gst_pad_push_event(source_.Get(), gst_event_new_caps(caps.Get()));
  }
  void Frame(bool key, size_t size = 100) {
    const std::string payload(size, 'v');
    GstBuffer* frame = gst_buffer_new_memdup(payload.data(), payload.size());
    GST_BUFFER_PTS(frame) = count_++ * 40 * GST_MSECOND;
    if (!key) GST_BUFFER_FLAG_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT);
    facts_->last_video_us = int64_t(count_);
    EXPECT_EQ(gst_pad_push(source_.Get(), frame), GST_FLOW_OK);
  }

 private:
  static GRef<GstElement> Tee() {
    return gst::MakeElement("tee", "", {{"allow-not-linked", "true"}}).value();
  }

  const GRef<GstElement> pipeline_ = Share(gst_pipeline_new(nullptr));
  const GRef<GstElement> video_ = Tee();
  const GRef<GstElement> audio_ = Tee();
  const GRef<GstPad> source_ = Share(gst_pad_new("src", GST_PAD_SRC));
  const std::shared_ptr<camera::StreamFacts> facts_ = std::make_shared<camera::StreamFacts>();
  guint64 count_ = 0;
};

/// Writes down what it is told: "init640 ", "Kdd ", "end:disabled ". Frames that come one after the
/// other are one word, however many calls bring them: those that are on their way through the muxer
/// when the rest is given come alone.
class Notes final : public FeedListener {
 public:
  void OnInit(const Init& init) override { text += "init" + std::to_string(init.width) + " "; }
  void OnChunks(std::span<const Chunk> chunks) override {
    ++calls;
    if (text.ends_with("K ") || text.ends_with("d ")) text.pop_back();
    for (const Chunk& chunk : chunks) {
      text += chunk.key ? "K" : "d";
      numbers.push_back(chunk.number);
    }
    text += " ";
    if (on_chunks) on_chunks();
  }
  void OnEnd(const FeedEnd& end) override { text += "end:" + end.code + " "; }

  bool Has(const std::string& what) const { return text.find(what) != text.npos; }
  bool Comes(const std::string& what) {
    const bool out = PumpUntil([&] { return Has(what); });
    EXPECT_TRUE(out) << "not " << what << " but: " << text;
    return out;
  }

  std::string text;
  int calls = 0;  // with frames
  std::vector<uint64_t> numbers;
  std::function<void()> on_chunks;
};

class LiveHubTest : public ::testing::Test {
 protected:
  LiveHubTest() {
    // The camera's turn to connect by itself is far off.
    for (int i = 0; i < 10'000; ++i) pace_.Take(clock_.Mono());
  }
  ~LiveHubTest() override {
    if (stream_) EndStream();
  }
  /// The camera connects; it begins with a GOP of `frames`.
  void Connect(int frames) {
    stream_ = std::make_unique<FakeStream>();
    hub_.OnStreamBuilt(camera_, *stream_);
    for (int i = 0; i < frames; ++i) stream_->Frame(i == 0);
  }
  void EndStream() {
    bool done = false;
    hub_.OnStreamEnding(camera_, *stream_, [&done] { done = true; });
    EXPECT_TRUE(done);
    stream_.reset();
  }

  ronin::testing::FakeClock clock_;
  gst::Reaper reaper_;
  camera::ConnectPace pace_;
  camera::Camera::Context context_{.clock = clock_,
                                   .reaper = reaper_,
                                   .settings = {},
                                   .listeners = {},
                                   .on_changed = nullptr,
                                   .pace = &pace_};
  camera::Camera camera_{{.id = 1, .name = "Yard"}, StreamKind::kMain, context_};
  LiveHub hub_{clock_, reaper_, {}};
  std::unique_ptr<FakeStream> stream_;
};

TEST_F(LiveHubTest, GivesTheGopThatTheStreamIsInAtOnceAndThenEachFrame) {
  Connect(3);
  Notes notes;
  const Subscription subscription = hub_.Subscribe(camera_, notes);
  EXPECT_EQ(notes.text, "");

  ASSERT_TRUE(notes.Comes("init640 Kdd "));
  stream_->Frame(false);

  ASSERT_TRUE(notes.Comes("init640 Kddd "));
}

TEST_F(LiveHubTest, GivesTheSameToWhoComesLaterFromMemory) {
  Connect(3);
  Notes first;
  const Subscription one = hub_.Subscribe(camera_, first);
  ASSERT_TRUE(first.Comes("Kdd "));
  stream_->Frame(false);
  ASSERT_TRUE(first.Comes("Kddd "));

  Notes second;
  const Subscription two = hub_.Subscribe(camera_, second);

  ASSERT_TRUE(second.Comes("init640 Kddd "));
  EXPECT_EQ(second.numbers, first.numbers);
  EXPECT_EQ(second.calls, 1);
}

TEST_F(LiveHubTest, BeginsWithTheFirstFrameForWhoCameBeforeIt) {
  Notes notes;
  const Subscription subscription = hub_.Subscribe(camera_, notes);
  Connect(2);

  ASSERT_TRUE(notes.Comes("init640 K"));
}

TEST_F(LiveHubTest, MuxesOnlyWhileSomebodyLooksAndALittleLonger) {
  Connect(2);
  Notes notes;
  Subscription subscription = hub_.Subscribe(camera_, notes);
  ASSERT_TRUE(notes.Comes("Kd "));
  EXPECT_EQ(hub_.Muxed(), 1U);

  subscription.Reset();
  EXPECT_EQ(hub_.Muxed(), 1U);
  clock_.Advance(11s);

  EXPECT_TRUE(PumpUntil([this] { return hub_.Muxed() == 0; }));
  Notes later;
  const Subscription again = hub_.Subscribe(camera_, later);
  ASSERT_TRUE(later.Comes("init640 Kd "));
}

TEST_F(LiveHubTest, GoesOnOverAReconnect) {
  Connect(2);
  Notes notes;
  const Subscription subscription = hub_.Subscribe(camera_, notes);
  ASSERT_TRUE(notes.Comes("init640 Kd "));
  EndStream();
  notes.text.clear();

  Connect(2);

  ASSERT_TRUE(notes.Comes("init640 K"));
  ASSERT_TRUE(PumpUntil([&] { return notes.numbers.size() == 4; }));
  EXPECT_EQ(notes.numbers, (std::vector<uint64_t>{1, 2, 3, 4}));
}

TEST_F(LiveHubTest, TellsThatTheStreamIsAnotherNow) {
  Connect(2);
  Notes notes;
  const Subscription subscription = hub_.Subscribe(camera_, notes);
  ASSERT_TRUE(notes.Comes("Kd "));

  std::string caps = Muxed::H264(320);
  stream_->SetCaps(caps.replace(caps.find("6742c01e"), 8, "6742c01f"));
  stream_->Frame(true);

  ASSERT_TRUE(notes.Comes("init640 Kd init320 K "));
}

TEST_F(LiveHubTest, SaysWhyNothingComesOfACameraThatIsSwitchedOff) {
  camera::Camera off({.id = 2, .name = "Shed", .enabled = false}, StreamKind::kMain, context_);
  Notes notes;
  const Subscription subscription = hub_.Subscribe(off, notes);

  ASSERT_TRUE(notes.Comes("end:disabled "));
}

TEST_F(LiveHubTest, EndsTheSubscriptionsOfACameraThatWasRemoved) {
  Connect(2);
  Notes notes;
  const Subscription subscription = hub_.Subscribe(camera_, notes);
  ASSERT_TRUE(notes.Comes("Kd "));
  EndStream();

  hub_.Forget(1);

  EXPECT_TRUE(notes.Has("end:removed ")) << notes.text;
}

TEST_F(LiveHubTest, LetsAListenerEndItsSubscriptionAndBeginAnotherWhileItIsTold) {
  Connect(2);
  Notes first;
  Notes second;
  Notes third;
  Subscription one = hub_.Subscribe(camera_, first);
  const Subscription two = hub_.Subscribe(camera_, second);
  Subscription three;
  first.on_chunks = [&] {
    one.Reset();
    if (!three) three = hub_.Subscribe(camera_, third);
  };

  ASSERT_TRUE(second.Comes("Kd "));
  ASSERT_TRUE(third.Comes("Kd "));
  stream_->Frame(false);
  ASSERT_TRUE(second.Comes("Kdd "));

  EXPECT_TRUE(first.text.starts_with("init640 K")) << first.text;
  EXPECT_EQ(first.calls, 1);
}

TEST_F(LiveHubTest, GivesTheGopOnceMoreToWhoAsks) {
  Connect(2);
  Notes notes;
  Subscription subscription = hub_.Subscribe(camera_, notes);
  ASSERT_TRUE(notes.Comes("Kd "));

  subscription.Restart();

  ASSERT_TRUE(notes.Comes("init640 Kd init640 Kd "));
}

TEST_F(LiveHubTest, MakesWhoComesWaitForAKeyframeWhenTheGopIsTooLarge) {
  const uint64_t share = camera::SharesOf(camera::kCameraMemory, StreamKind::kMain).feed_held;
  Connect(1);
  stream_->Frame(false, share / 2);
  stream_->Frame(false, share / 2 + 1000);
  Notes notes;
  const Subscription subscription = hub_.Subscribe(camera_, notes);
  stream_->Frame(false);

  stream_->Frame(true);

  ASSERT_TRUE(notes.Comes("K"));
  EXPECT_TRUE(notes.text.starts_with("init640 K")) << notes.text;
}

TEST_F(LiveHubTest, LetsASubscriptionOutliveTheCamera) {
  Notes notes;
  Subscription subscription;
  {
    camera::Camera other({.id = 3, .name = "Gate"}, StreamKind::kMain, context_);
    subscription = hub_.Subscribe(other, notes);
    hub_.Forget(3);
  }
  subscription.Reset();
  EXPECT_TRUE(notes.Has("end:removed "));
}

}  // namespace
}  // namespace ronin::live
