// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "http/body_pump.h"
#include "unit/http/server_fixture.h"

namespace ronin::http {
namespace {

using testing::FakeBody;
using testing::PumpUntil;
using testing::RawClient;
using testing::ServerTest;

class BodyTest : public ServerTest {
 protected:
  void Serve(int64_t size) {
    Start({.write_deadline = write_deadline_});
    body_ = std::make_shared<FakeBody>(size);
    server_->router().Add(Method::kGet, "/file", [this](const RequestPtr&, const Responder& to) {
      to.SendBody(body_, {.content_type = "video/mp4", .etag = "v1", .headers = {}});
    });
  }

  static bool Matches(const std::string& bytes, int64_t from) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != FakeBody::At(from + int64_t(i))) return false;
    }
    return true;
  }

  std::chrono::milliseconds write_deadline_{60'000};
  std::shared_ptr<FakeBody> body_;
};

TEST_F(BodyTest, FiftyMebibytesArriveWholeWithTwoPiecesInMemory) {
  constexpr int64_t kSize = 50 * 1024 * 1024;
  Serve(kSize);
  RawClient client(url_);

  const auto answer = client.Get("/file");

  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(int64_t(answer.body.size()), kSize);
  EXPECT_TRUE(Matches(answer.body, 0));
  EXPECT_LE(body_->most_pieces, BodyPump::kMaxPieces);
  EXPECT_TRUE(PumpUntil([&] { return body_->alive_pieces == 0; }));
  EXPECT_FALSE(body_->cancelled);
}

TEST_F(BodyTest, SendsTheRangeThatWasAskedFor) {
  Serve(1'000'000);
  RawClient client(url_);

  const auto part = client.Get("/file", "Range: bytes=300000-899999\r\n");

  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.headers.at("content-range"), "bytes 300000-899999/1000000");
  EXPECT_EQ(part.headers.at("etag"), "\"v1\"");
  EXPECT_EQ(part.body.size(), 600000u);
  EXPECT_TRUE(Matches(part.body, 300000));
  EXPECT_EQ(client.Get("/file", "Range: bytes=-1\r\n").body.size(), 1u);
  EXPECT_EQ(client.Get("/file", "Range: bytes=0-1,5-6\r\n").status, 200);
}

TEST_F(BodyTest, ReadsNothingWhenNothingIsToBeSent) {
  Serve(1000);
  RawClient client(url_);

  const auto outside = client.Get("/file", "Range: bytes=1000-\r\n");
  EXPECT_EQ(outside.status, 416);
  EXPECT_EQ(outside.headers.at("content-range"), "bytes */1000");
  EXPECT_EQ(client.Get("/file", "If-None-Match: \"v1\"\r\n").status, 304);
  client.Send("HEAD /file HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.Receive(true);
  EXPECT_EQ(head.headers.at("content-length"), "1000");
  EXPECT_EQ(head.headers.at("accept-ranges"), "bytes");
  EXPECT_EQ(body_->read_bytes, 0);
  EXPECT_EQ(client.Get("/file").body.size(), 1000u);
}

TEST_F(BodyTest, AnEmptyBodyIsAnAnswerToo) {
  Serve(0);
  RawClient client(url_);

  const auto answer = client.Get("/file");

  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.headers.at("content-length"), "0");
  EXPECT_EQ(client.Get("/file").status, 200);
}

TEST_F(BodyTest, ABodyOfUnknownSizeEndsProperly) {
  Serve(BodySource::kUnknownSize);
  body_->ends_at = 1'000'000;
  RawClient client(url_);

  const auto answer = client.Get("/file");

  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.body.size(), 1'000'000u);
  EXPECT_TRUE(Matches(answer.body, 0));
  EXPECT_EQ(client.Get("/hello").body, "hello");
}

TEST_F(BodyTest, AnErrorNeverLooksLikeTheEnd) {
  for (const int64_t size : {int64_t(2'000'000), BodySource::kUnknownSize}) {
    Serve(size);
    body_->fails_at = 500'000;
    RawClient client(url_);

    const auto answer = client.Get("/file");

    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.complete);
    EXPECT_TRUE(client.WaitForEnd());
    EXPECT_TRUE(NoConnectionLeft());
  }
}

TEST_F(BodyTest, StopsReadingWhenTheClientLeaves) {
  Serve(int64_t(4) << 30);
  RawClient client(url_);
  client.Send("GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(PumpUntil([&] { return client.ReadSome() && client.buffer().size() > 1'000'000; }));

  client.Close();

  EXPECT_TRUE(PumpUntil([&] { return body_->cancelled; }));
  EXPECT_TRUE(NoConnectionLeft());
  EXPECT_TRUE(PumpUntil([&] { return body_->alive_pieces == 0; }));
}

TEST_F(BodyTest, WaitsForASlowClientWithoutReadingAhead) {
  Serve(int64_t(4) << 30);
  RawClient client(url_);
  client.Send("GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n");
  int64_t before = -1;
  int same = 0;

  ASSERT_TRUE(PumpUntil([&] {
    same = body_->read_bytes == before ? same + 1 : 0;
    before = body_->read_bytes;
    return before > 0 && same > 20;
  }));

  EXPECT_LT(body_->read_bytes, 32 * 1024 * 1024);  // the kernel's buffers and two pieces
  EXPECT_LE(body_->alive_pieces, BodyPump::kMaxPieces);
}

TEST_F(BodyTest, GivesUpOnAClientThatTakesNothing) {
  write_deadline_ = std::chrono::milliseconds(100);
  Serve(int64_t(4) << 30);
  RawClient client(url_);

  client.Send("GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n");

  EXPECT_TRUE(PumpUntil([&] { return server_->stats().timed_out == 1; }));
  EXPECT_TRUE(PumpUntil([&] { return body_->cancelled; }));
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(BodyTest, TheServerMayDieInTheMiddle) {
  Serve(int64_t(4) << 30);
  RawClient client(url_);
  client.Send("GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(PumpUntil([&] { return client.ReadSome() && client.buffer().size() > 1'000'000; }));

  server_.reset();

  EXPECT_TRUE(client.WaitForEnd());
  EXPECT_TRUE(body_->cancelled);
  EXPECT_EQ(body_->alive_pieces, 0);
}

}  // namespace
}  // namespace ronin::http
