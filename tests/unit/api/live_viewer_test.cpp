// SPDX-License-Identifier: MIT
#include "api/live_viewer.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json.h"
#include "support/fake_clock.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;
using live::Chunk;
using live::Init;

constexpr uint32_t kChannel = 7;

/// A socket whose client takes messages when it is told.
class FakeSocket final : public http::WebSocket {
 public:
  FakeSocket() : WebSocket(nullptr, "") {}
  void SendText(std::string_view text) override { sent.push_back("text " + std::string(text)); }
  void SendBinary(const GRef<GBytes>& bytes) override {
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
    sent.push_back(std::string(data + 4, size - 4));
    binary += size - 4;
    if (!reads) queued += size;
  }
  void Close(uint16_t, std::string_view) override {}
  bool open() const override { return true; }
  size_t queued_bytes() const override { return queued; }

  std::vector<std::string> sent;  // texts, and binary messages without their channel
  uint64_t binary = 0;
  bool reads = true;
  size_t queued = 0;
};

GRef<GBytes> Content(const std::string& text) {
  return Adopt(g_bytes_new(text.data(), text.size()));
}

Init MakeInit(const std::string& bytes) {
  return {.bytes = Content(bytes), .mime = "m", .width = 640, .height = 360};
}

/// A viewer, what it is sent, and the feeds that it subscribed to.
class LiveViewerTest : public ::testing::Test {
 protected:
  /// Subscribes; the feed is named by the camera's id.
  void Watch(int64_t camera) {
    viewer_->Watch(StreamId(camera), [&](live::FeedListener& listener) {
      feeds_[camera] = &listener;
      return live::Subscription();
    });
  }
  Chunk Make(uint64_t number, bool key = false, size_t size = 0) {
    std::string content = (key ? "K" : "d") + std::to_string(number) + " ";
    if (size > 0) content.resize(size, '.');
    return {.bytes = Content(content),
            .key = key,
            .taken = FromMicros(int64_t(number) * 40'000),
            .number = number};
  }
  void Give(int64_t camera, const std::vector<Chunk>& chunks) { feeds_[camera]->OnChunks(chunks); }
  /// One after the other, 40 ms apart, every tenth a keyframe.
  void Stream(int64_t camera, uint64_t from, uint64_t to, size_t size = 100) {
    for (uint64_t n = from; n <= to; ++n) {
      Give(camera, {Make(n, n % 10 == 0, size)});
      clock_.Advance(40ms);
      if (n % 6 == 0) viewer_->Look();
    }
  }
  std::vector<std::string> Take() { return std::exchange(socket_.sent, {}); }
  /// The letter and number of each chunk that was sent.
  std::string TakeChunks() {
    std::string out;
    for (const std::string& message : Take()) {
      if (message.starts_with("text")) {
        out += message.find("dropped") != message.npos ? "dropped " : "";
        continue;
      }
      for (size_t at = 0; (at = message.find_first_of("Kd", at)) != message.npos; ++at) {
        out += message.substr(at, message.find(' ', at) + 1 - at);
      }
    }
    return out;
  }
  std::optional<JsonValue> TextWith(const std::string& what) {
    for (const std::string& message : socket_.sent) {
      if (!message.starts_with("text ")) continue;
      const auto json = JsonValue::Parse(message.substr(5));
      EXPECT_EQ(json->Member("channel")->AsInt(), kChannel);
      if (const auto found = json->Member(what.c_str())) return *found;
    }
    return std::nullopt;
  }

  testing::FakeClock clock_;
  FakeSocket socket_;
  ChannelMessages messages_;
  LiveOut out_{clock_, socket_, messages_};
  std::map<int64_t, live::FeedListener*> feeds_;
  std::unique_ptr<LiveViewer> viewer_ = std::make_unique<LiveViewer>(out_, kChannel);
};

TEST_F(LiveViewerTest, SendsTheInitSegmentAndTheGopInOneMessage) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  Give(1, {Make(10, true), Make(11), Make(12)});
  Give(1, {Make(13)});

  ASSERT_EQ(socket_.sent.size(), 4U);
  EXPECT_EQ(TextWith("init")->Member("camera_id")->AsInt(), 1);
  EXPECT_EQ(socket_.sent[1], "init");
  EXPECT_EQ(socket_.sent[2], "K10 d11 d12 ");
  EXPECT_EQ(socket_.sent[3], "d13 ");
}

TEST_F(LiveViewerTest, SendsALargeGopInPiecesAsTheClientTakesIt) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  std::vector<Chunk> gop{Make(10, true, 900'000)};
  for (uint64_t n = 11; n < 15; ++n) gop.push_back(Make(n, false, 900'000));
  Give(1, gop);
  EXPECT_EQ(TakeChunks(), "K10 d11 ");

  viewer_->Acked(socket_.binary);

  EXPECT_EQ(TakeChunks(), "d12 d13 ");
}

TEST_F(LiveViewerTest, MovesAClientThatAcknowledgesNothingToAKeyframeAndTellsIt) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  Stream(1, 10, 200, 2000);

  // 2 s are 50 frames; then nothing but that some were left out.
  const auto dropped = TextWith("dropped");
  ASSERT_TRUE(dropped);
  EXPECT_GT(dropped->Member("frames")->AsInt(), 0);
  EXPECT_LT(socket_.binary, 70U * 2000);

  Take();
  viewer_->Acked(socket_.binary);
  Stream(1, 201, 212, 2000);

  EXPECT_EQ(TakeChunks(), "dropped K210 d211 d212 ");
}

TEST_F(LiveViewerTest, CountsEachFrameThatIsLeftOutOnce) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  Stream(1, 10, 250, 2000);
  viewer_->Acked(socket_.binary);
  Stream(1, 251, 265, 2000);

  int64_t frames = 0;
  int64_t sent = 0;
  for (const std::string& message : socket_.sent) {
    if (message.starts_with("text ")) {
      const auto dropped = JsonValue::Parse(message.substr(5))->Member("dropped");
      if (dropped) frames += *dropped->Member("frames")->AsInt();
    } else if (message != "init") {
      sent += 1;
    }
  }
  EXPECT_EQ(frames + sent, 256);
}

TEST_F(LiveViewerTest, GoesOnWhereItStoppedWhenTheGopIsStillThere) {
  Watch(1);
  const Init init = MakeInit("init");
  feeds_[1]->OnInit(init);
  Give(1, {Make(10, true, 20'000)});
  for (uint64_t n = 11; n < 80; ++n) {  // a long GOP
    Give(1, {Make(n, false, 20'000)});
    clock_.Advance(40ms);
  }
  const std::string sent = TakeChunks();
  EXPECT_EQ(sent.find("d79"), sent.npos);

  viewer_->Acked(socket_.binary);
  feeds_[1]->OnInit(init);
  std::vector<Chunk> gop{Make(10, true, 200)};
  for (uint64_t n = 11; n < 80; ++n) gop.push_back(Make(n, false, 200));
  Give(1, gop);
  Give(1, {Make(80)});

  const std::string rest = TakeChunks();
  EXPECT_EQ(rest.find("dropped"), rest.npos) << rest;
  EXPECT_EQ(rest.find('K'), rest.npos) << rest;
  EXPECT_EQ((sent + rest).find("d11 "), (sent + rest).rfind("d11 "));
  for (uint64_t n = 11; n <= 80; ++n) {
    EXPECT_NE((sent + rest).find("d" + std::to_string(n) + " "), sent.npos) << n;
  }
}

TEST_F(LiveViewerTest, HoldsLittleForASocketThatIsFull) {
  socket_.reads = false;
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  for (uint64_t n = 10; n < 500; ++n) {
    Give(1, {Make(n, n % 10 == 0, 100'000)});
    viewer_->Acked(socket_.binary);  // a client that lies
    EXPECT_LE(socket_.queued + out_.held, 4U << 20);
    clock_.Advance(40ms);
  }
  EXPECT_TRUE(TextWith("dropped"));
}

TEST_F(LiveViewerTest, SwitchesAtAKeyframeOfTheOtherStream) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  Give(1, {Make(10, true), Make(11)});
  Take();

  Watch(2);
  Give(1, {Make(12)});
  EXPECT_EQ(TakeChunks(), "d12 ");
  feeds_[2]->OnInit(MakeInit("other"));
  Give(1, {Make(13)});
  EXPECT_EQ(TakeChunks(), "d13 ");
  Give(2, {Make(500, true), Make(501)});

  ASSERT_EQ(socket_.sent.size(), 3U);
  EXPECT_EQ(TextWith("init")->Member("camera_id")->AsInt(), 2);
  EXPECT_EQ(socket_.sent[1], "other");
  EXPECT_EQ(socket_.sent[2], "K500 d501 ");
}

TEST_F(LiveViewerTest, ShowsWhatItShowsWhenTheStreamToSwitchToIsAway) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  Give(1, {Make(10, true)});
  Watch(2);
  Take();

  feeds_[2]->OnEnd({"unreachable", "away"});
  EXPECT_EQ(TextWith("ended")->Member("camera_id")->AsInt(), 2);
  Take();
  Give(1, {Make(11)});

  EXPECT_EQ(TakeChunks(), "d11 ");
  EXPECT_FALSE(viewer_->over());
}

TEST_F(LiveViewerTest, SendsAnotherInitSegmentWhenTheStreamChanged) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  Give(1, {Make(10, true), Make(11)});
  Take();

  feeds_[1]->OnInit(MakeInit("other"));
  Give(1, {Make(12, true)});

  ASSERT_EQ(socket_.sent.size(), 3U);
  EXPECT_EQ(socket_.sent[1], "other");
  EXPECT_EQ(socket_.sent[2], "K12 ");
}

TEST_F(LiveViewerTest, SaysThatTheCameraIsAwayAndGoesOnWhenItIsBack) {
  Watch(1);
  feeds_[1]->OnEnd({"unreachable", "It is away."});
  EXPECT_EQ(TextWith("ended")->Member("code")->AsString(), "unreachable");
  EXPECT_EQ(TextWith("ended")->Member("detail")->AsString(), "It is away.");
  EXPECT_FALSE(viewer_->over());
  Take();

  feeds_[1]->OnInit(MakeInit("init"));
  Give(1, {Make(1, true)});

  EXPECT_EQ(TakeChunks(), "K1 ");
}

TEST_F(LiveViewerTest, IsOverWhenTheCameraWasRemoved) {
  Watch(1);
  feeds_[1]->OnEnd({"removed", "It was removed.", true});

  EXPECT_TRUE(viewer_->over());
}

TEST_F(LiveViewerTest, GivesUpAClientThatNeverAcknowledges) {
  Watch(1);
  feeds_[1]->OnInit(MakeInit("init"));
  Give(1, {Make(10, true, 100'000)});
  clock_.Advance(59s);
  viewer_->Look();
  EXPECT_FALSE(viewer_->over());

  clock_.Advance(2s);
  viewer_->Look();

  EXPECT_TRUE(viewer_->over());
  EXPECT_EQ(TextWith("ended")->Member("code")->AsString(), "too_slow");
}

}  // namespace
}  // namespace ronin::api
