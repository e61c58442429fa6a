// SPDX-License-Identifier: MIT
// The end of a connection to a camera that is slow, or silent, when it is told so.
#include <atomic>
#include <future>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "camera/rtsp_pipeline.h"
#include "gst/reaper.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;

/// Answers one connection as a camera with one video track, of which no picture comes; one kind of
/// request it leaves without an answer until it is told to go on.
class SlowCamera {
 public:
  explicit SlowCamera(std::string held) : held_(std::move(held)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_.Get(), generic, size), 0);
    EXPECT_EQ(listen(listener_.Get(), 1), 0);
    EXPECT_EQ(getsockname(listener_.Get(), generic, &size), 0);
    url_ = Concat("rtsp://127.0.0.1:", ntohs(address.sin_port), "/live");
    thread_ = std::thread([this] { Serve(); });
  }
  ~SlowCamera() {
    if (!gone_on_) GoOn();
    shutdown(listener_.Get(), SHUT_RDWR);
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
  }

  const std::string& url() const { return url_; }
  bool was_asked() const { return asked_; }  ///< what it does not answer
  bool is_left() const { return left_; }     ///< the other side has ended the connection
  void GoOn() {
    gone_on_ = true;
    go_on_.set_value();
  }

 private:
  void Serve() {
    const UniqueFd socket(accept(listener_.Get(), nullptr, nullptr));
    socket_ = socket.Get();
    std::string text;
    char part[4096];
    for (;;) {
      const size_t end = text.find("\r\n\r\n");
      if (end == std::string::npos) {
        const ssize_t got = recv(socket.Get(), part, sizeof part, 0);
        if (got <= 0) break;
        text.append(part, size_t(got));
        continue;
      }
      const std::string request = text.substr(0, end + 2);
      text.erase(0, end + 4);
      if (request.starts_with(held_)) {
        asked_ = true;
        if (!WaitToGoOn(socket.Get())) break;
      }
      const std::string answer = AnswerTo(request);
      send(socket.Get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    socket_ = -1;
    left_ = true;
  }
  /// Whether it goes on; else it is left.
  bool WaitToGoOn(int socket) {
    const auto go_on = go_on_.get_future();
    for (char c = 0; go_on.wait_for(5ms) != std::future_status::ready;) {
      if (recv(socket, &c, 1, MSG_DONTWAIT | MSG_PEEK) == 0) return false;
    }
    return true;
  }
  std::string AnswerTo(const std::string& request) const {
    const size_t at = request.find("CSeq:");
    const std::string head =
        Concat("RTSP/1.0 200 OK\r\n", request.substr(at, request.find("\r\n", at) - at), "\r\n");
    if (request.starts_with("OPTIONS")) {
      return head + "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n";
    }
    if (request.starts_with("SETUP")) {
      return head + "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n";
    }
    if (!request.starts_with("DESCRIBE")) return head + "Session: 1\r\n\r\n";
    const std::string sdp =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        "a=fmtp:96 packetization-mode=1\r\na=control:track1\r\n";
    return Concat(head, "Content-Base: ", url_, "/\r\nContent-Type: application/sdp\r\n",
                  "Content-Length: ", sdp.size(), "\r\n\r\n", sdp);
  }

  const std::string held_;
  const UniqueFd listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::string url_;
  std::promise<void> go_on_;
  bool gone_on_ = false;
  std::atomic<int> socket_{-1};
  std::atomic<bool> asked_{false};
  std::atomic<bool> left_{false};
  std::thread thread_;
};

/// A connection to it, and what has ended.
class TeardownTest : public ::testing::Test {
 protected:
  void Connect(const SlowCamera& camera) {
    auto made =
        camera::RtspPipeline::Create({.url = camera.url()}, clock_, [this](GstMessage* message) {
          GstProgressType type = GST_PROGRESS_TYPE_START;
          if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_PROGRESS) return;
          gst_message_parse_progress(message, &type, nullptr, nullptr);
          steps_ += type == GST_PROGRESS_TYPE_COMPLETE ? 1 : 0;
        });
    ASSERT_TRUE(made) << made.error().Text();
    pipeline_ = std::move(*made);
    element_ = Share(pipeline_->pipeline());
    pipeline_->Play();
  }
  bool AwaitPlaying() {
    return PumpUntil([this] { return steps_ == 2; }, kLong);  // opened, and asked to play
  }
  void Retire() {
    pipeline_->Retire(reaper_, {.what = "it", .done = [this] { ended_ = true; }});
  }
  bool AwaitEnd() {
    return PumpUntil([this] { return ended_; }, kLong);
  }
  GstState State() const { return GST_STATE(element_.Get()); }

  SystemClock clock_;
  gst::Reaper reaper_;
  std::unique_ptr<camera::RtspPipeline> pipeline_;
  GRef<GstElement> element_;
  int steps_ = 0;
  bool ended_ = false;
};

/// rtspsrc alone waits for 100 ms, and then frees what its thread still uses.
TEST_F(TeardownTest, ItsThreadIsWaitedForWhenTheCameraAnswersLate) {
  SlowCamera camera("TEARDOWN");
  ASSERT_NO_FATAL_FAILURE(Connect(camera));
  ASSERT_TRUE(AwaitPlaying());

  Retire();
  ASSERT_TRUE(PumpUntil([&] { return camera.was_asked(); }, kLong));
  EXPECT_FALSE(PumpUntil([&] { return State() == GST_STATE_NULL; }, 400ms));
  camera.GoOn();

  EXPECT_TRUE(AwaitEnd());
  EXPECT_EQ(State(), GST_STATE_NULL);
}

TEST_F(TeardownTest, ACameraThatNeverAnswersIsLeft) {
  for (const char* request : {"TEARDOWN", "SETUP", "DESCRIBE"}) {
    SlowCamera camera(request);
    ended_ = false;
    steps_ = 0;
    ASSERT_NO_FATAL_FAILURE(Connect(camera));
    if (request == std::string("TEARDOWN")) {
      ASSERT_TRUE(AwaitPlaying());
    } else {
      ASSERT_TRUE(PumpUntil([&] { return camera.was_asked(); }, kLong));
    }

    Retire();

    EXPECT_TRUE(AwaitEnd());
    EXPECT_TRUE(PumpUntil([&] { return camera.is_left(); }, kLong)) << request;
  }
}

}  // namespace
}  // namespace ronin::testing
