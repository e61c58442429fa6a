// SPDX-License-Identifier: MIT
#include "http/web_socket.h"

#include <gtest/gtest.h>

#include "unit/http/server_fixture.h"

namespace ronin::http {
namespace {

using namespace std::chrono_literals;
using testing::ClientFrame;
using testing::CountDescriptors;
using testing::CountHeapBytes;
using testing::PumpUntil;
using testing::RawClient;
using testing::ServerTest;

constexpr const char* kHandshake =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: other, test.1\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n";

class WebSocketTest : public ServerTest {
 protected:
  /// Every text and binary message comes back.
  void StartEcho(Server::Options options = {}) {
    Start(std::move(options));
    server_->AddWebSocket("/socket", "test.1", [this](std::shared_ptr<WebSocket> socket) {
      WebSocket* raw = socket.get();
      socket->on_text = [raw](std::string_view text) { raw->SendText(text); };
      socket->on_binary = [raw](std::string_view bytes) {
        raw->SendBinary(Adopt(g_bytes_new(bytes.data(), bytes.size())));
      };
      socket->on_closed = [this](uint16_t code) {
        close_code_ = code;
        last_.reset();
      };
      last_ = std::move(socket);
    });
  }

  /// Pumps until the client has `frame` and nothing else.
  bool Gets(RawClient& client, const std::string& frame) {
    const bool got = PumpUntil(
                         [&] {
                           client.ReadSome();
                           return client.buffer().size() >= frame.size();
                         },
                         5s) &&
                     client.buffer() == frame;
    client.buffer().clear();
    return got;
  }

  std::shared_ptr<WebSocket> last_;
  int close_code_ = 0;
};

TEST_F(WebSocketTest, EchoesTextAndBinary) {
  StartEcho();
  RawClient client(url_);

  const auto hello = client.Get("/socket?x=1", kHandshake);

  EXPECT_EQ(hello.status, 101);
  EXPECT_EQ(hello.headers.at("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(hello.headers.at("sec-websocket-protocol"), "test.1");
  EXPECT_FALSE(hello.headers.contains("sec-websocket-extensions"));
  client.Send(ClientFrame(1, "hello"));
  EXPECT_TRUE(Gets(client, "\x81\x05hello"));
  client.Send(ClientFrame(2, "bytes"));
  EXPECT_TRUE(Gets(client,
                   "\x82\x05"
                   "bytes"));
  EXPECT_EQ(last_->request()->Query("x"), "1");
  EXPECT_EQ(last_->queued_bytes(), 0u);
  EXPECT_EQ(server_->stats().web_sockets, 1u);
}

TEST_F(WebSocketTest, ClosesWhenThePeerDoes) {
  StartEcho();
  RawClient client(url_);
  ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);

  client.Send(ClientFrame(8, "\x03\xe9"));

  EXPECT_TRUE(PumpUntil([&] { return close_code_ == 1001; }));
  client.Close();
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(WebSocketTest, TellsThatThePeerVanished) {
  StartEcho();
  RawClient client(url_);
  ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);

  client.Close();

  EXPECT_TRUE(PumpUntil([&] { return close_code_ == 1006; }));
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(WebSocketTest, ClosesOnTheServersSide) {
  StartEcho();
  RawClient client(url_);
  ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);

  last_->Close(1000, "bye");

  EXPECT_TRUE(Gets(client,
                   "\x88\x05\x03\xe8"
                   "bye"));
  client.Send(ClientFrame(8, "\x03\xe8"));
  EXPECT_TRUE(PumpUntil([&] { return close_code_ == 1000; }));
  EXPECT_TRUE(client.WaitForEnd());
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(WebSocketTest, RefusesPagesOfOtherSites) {
  StartEcho();
  const auto from = [&](const std::string& origin) {
    return RawClient(url_).Get("/socket", kHandshake + ("Origin: " + origin + "\r\n")).status;
  };

  EXPECT_EQ(from("http://evil.example"), 403);
  EXPECT_EQ(from("null"), 403);
  EXPECT_EQ(from("http://" + url_.substr(7)), 101);
}

TEST_F(WebSocketTest, RefusesWhatIsNoHandshake) {
  StartEcho();
  RawClient client(url_);

  EXPECT_EQ(client.Get("/socket").status, 426);
  EXPECT_EQ(client.Get("/socket", "Upgrade: websocket\r\nConnection: Upgrade\r\n").status, 400);
  EXPECT_EQ(client
                .Get("/socket",
                     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                .status,
            400);
  EXPECT_EQ(last_, nullptr);
}

TEST_F(WebSocketTest, AsksTheGateBeforeItOpens) {
  StartEcho();
  server_->SetGate([](const Request&, std::string_view) { return Response::Problem(401, "No."); });

  EXPECT_EQ(RawClient(url_).Get("/socket", kHandshake).status, 401);
  EXPECT_EQ(last_, nullptr);
}

TEST_F(WebSocketTest, EndsAPeerWhoseMessagesAreTooLong) {
  StartEcho({.web_socket_max_message_bytes = 1000});
  RawClient frame(url_);
  ASSERT_EQ(frame.Get("/socket", kHandshake).status, 101);
  frame.Send(ClientFrame(2, std::string(1001, 'x')));
  EXPECT_TRUE(frame.WaitForEnd() || close_code_ == 1009);

  RawClient pieces(url_);  // each is allowed, their sum is not
  ASSERT_EQ(pieces.Get("/socket", kHandshake).status, 101);
  for (int i = 0; i < 200; ++i) {
    pieces.Send(ClientFrame(i == 0 ? 2 : 0, std::string(1000, 'x'), false));
  }
  EXPECT_TRUE(pieces.WaitForEnd());
  frame.Close();
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(WebSocketTest, CountsWhatASlowClientLeavesWaitingAndGivesUpAtTheLimit) {
  StartEcho({.web_socket_queue_limit = 8 * 1024 * 1024});
  RawClient client(url_);
  ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);
  const std::string piece(256 * 1024, 'x');
  const GRef<GBytes> bytes = Adopt(g_bytes_new(piece.data(), piece.size()));
  size_t most = 0;

  const bool gave_up = PumpUntil([&] {
    if (!last_ || !last_->open()) return true;
    last_->SendBinary(bytes);
    most = std::max(most, last_->queued_bytes());
    return false;
  });

  EXPECT_TRUE(gave_up);
  EXPECT_GT(most, WebSocket::kCongestedBytes);
  EXPECT_LE(most, 8u * 1024 * 1024 + 1024);
}

TEST_F(WebSocketTest, TheQueueIsCountedDownAsTheClientReads) {
  StartEcho();
  RawClient client(url_);
  ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);
  const std::string piece(256 * 1024, 'x');
  const GRef<GBytes> bytes = Adopt(g_bytes_new(piece.data(), piece.size()));
  for (int i = 0; i < 30; ++i) last_->SendBinary(bytes);
  EXPECT_TRUE(last_->congested());

  EXPECT_TRUE(PumpUntil([&] {
    client.ReadSome(1024 * 1024);
    return client.buffer().size() >= 30 * (piece.size() + 10);
  }));

  EXPECT_EQ(client.buffer().size(), 30 * (piece.size() + 10));
  EXPECT_EQ(last_->queued_bytes(), 0u);
}

TEST_F(WebSocketTest, EndsAClientThatTakesNothing) {
  StartEcho({.write_deadline = 100ms});
  RawClient client(url_);
  ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);
  const std::string piece(7 * 1024 * 1024, 'x');
  last_->SendBinary(Adopt(g_bytes_new(piece.data(), piece.size())));

  EXPECT_TRUE(PumpUntil([&] { return close_code_ != 0; }));
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(WebSocketTest, TheServerMayDieWhileTheyAreOpen) {
  StartEcho();
  RawClient client(url_);
  ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);
  const auto kept = last_;

  server_.reset();

  EXPECT_TRUE(client.WaitForEnd());
  EXPECT_FALSE(kept->open());
  EXPECT_EQ(close_code_, 0);  // handlers may be gone by then
  kept->SendText("nobody");
}

TEST_F(WebSocketTest, FifteenHundredOfThemLeaveNoDescriptor) {
  StartEcho();
  ASSERT_EQ(RawClient(url_).Get("/socket", kHandshake).status, 101);
  ASSERT_TRUE(NoConnectionLeft());
  const size_t before = CountDescriptors();
  const size_t heap_before = CountHeapBytes();

  for (int i = 0; i < 1500; ++i) {
    RawClient client(url_);
    ASSERT_EQ(client.Get("/socket", kHandshake).status, 101);
    client.Send(ClientFrame(1, "x"));
    ASSERT_TRUE(Gets(client, "\x81\x01x"));
  }

  EXPECT_TRUE(NoConnectionLeft());
  EXPECT_TRUE(PumpUntil([&] { return CountDescriptors() <= before; }));
  EXPECT_LT(CountHeapBytes(), heap_before + 500'000);
}

}  // namespace
}  // namespace ronin::http
