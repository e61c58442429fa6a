// SPDX-License-Identifier: MIT
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/source.h"
#include "unit/http/server_fixture.h"

namespace ronin::http {
namespace {

using namespace std::chrono_literals;
using testing::CountDescriptors;
using testing::CountHeapBytes;
using testing::PumpUntil;
using testing::RawClient;
using testing::ServerTest;

TEST_F(ServerTest, TwoThousandClosedConnectionsLeaveNoDescriptor) {
  Start();
  { EXPECT_EQ(RawClient(url_).Get("/hello").status, 200); }
  ASSERT_TRUE(NoConnectionLeft());
  const size_t before = CountDescriptors();
  const size_t heap_before = CountHeapBytes();

  for (int i = 0; i < 2000; ++i) {
    RawClient client(url_);
    ASSERT_EQ(client.Get("/hello").body, "hello");
  }

  EXPECT_TRUE(NoConnectionLeft());
  EXPECT_EQ(CountDescriptors(), before);
  EXPECT_LT(CountHeapBytes(), heap_before + 500'000);
}

TEST_F(ServerTest, ClosedConnectionsLeaveNothingInWhateverStateTheyWere) {
  Start();
  { EXPECT_EQ(RawClient(url_).Get("/hello").status, 200); }
  ASSERT_TRUE(NoConnectionLeft());
  const size_t before = CountDescriptors();

  for (const char* said : {"", "G", "GET /hello HTTP/1.1\r\n", "nonsense\r\n\r\n", "\r\n",
                           "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab",
                           "GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n"}) {
    RawClient fresh(url_);
    fresh.Send(said);
    RawClient used(url_);
    used.Get("/hello");
    used.Send(said);
    PumpUntil([&] { return server_->stats().connections >= 1; });
  }

  EXPECT_TRUE(NoConnectionLeft());
  EXPECT_EQ(CountDescriptors(), before);
}

TEST_F(ServerTest, AnswersARequestWhoseClientHasHalfClosed) {
  Start();
  RawClient client(url_);

  client.Send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.HalfClose();

  EXPECT_EQ(client.Receive().body, "hello");
  EXPECT_TRUE(client.WaitForEnd());
}

TEST_F(ServerTest, RefusesMoreConnectionsThanItsLimit) {
  Start({.max_connections = 2});
  RawClient one(url_);
  RawClient two(url_);
  EXPECT_EQ(one.Get("/hello").status, 200);
  EXPECT_EQ(two.Get("/hello").status, 200);

  RawClient three(url_);

  EXPECT_TRUE(three.WaitForEnd());
  EXPECT_EQ(server_->stats().refused, 1u);
  one.Close();
  ASSERT_TRUE(PumpUntil([&] { return server_->stats().connections == 1; }));
  EXPECT_EQ(RawClient(url_).Get("/hello").status, 200);
}

TEST_F(ServerTest, RefusesConnectionsWhileDescriptorsAreKeptForOthers) {
  int64_t spare = 1;
  Start({.spare_descriptors = [&] { return spare; }});
  RawClient idle(url_);
  EXPECT_EQ(idle.Get("/hello").status, 200);
  spare = -1;

  RawClient next(url_);

  EXPECT_TRUE(next.WaitForEnd());
  EXPECT_EQ(server_->stats().refused, 1u);
  EXPECT_TRUE(idle.WaitForEnd()) << "who asks nothing makes room";
  EXPECT_TRUE(NoConnectionLeft());
  spare = 0;
  EXPECT_EQ(RawClient(url_).Get("/hello").status, 200);
}

TEST_F(ServerTest, DescriptorsAreWantedBackFromThoseThatAreIdleLongest) {
  int64_t wanted = 0;
  Start({.idle_deadline = 20s, .spare_descriptors = [&] { return -std::exchange(wanted, 0); }});
  std::vector<Responder> waiting;
  server_->router().Add(Method::kGet, "/later",
                        [&](const RequestPtr&, Responder to) { waiting.push_back(std::move(to)); });
  RawClient busy(url_);
  busy.Send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(PumpUntil([&] { return waiting.size() == 1; }));
  RawClient first(url_);
  RawClient second(url_);
  EXPECT_EQ(first.Get("/hello").status, 200);
  EXPECT_EQ(second.Get("/hello").status, 200);
  wanted = 1;

  EXPECT_TRUE(first.WaitForEnd());

  EXPECT_EQ(second.Get("/hello").status, 200);
  waiting[0].Send(Response::Text(200, "at last"));
  EXPECT_EQ(busy.Receive().body, "at last");
}

TEST_F(ServerTest, EndsAClientThatDripsItsRequest) {
  Start({.request_deadline = 100ms});
  for (const char* part :
       {"GET /hello HTTP/1.1\r\nX: ",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\na"}) {
    RawClient client(url_);
    client.Send(part);
    const auto begin = std::chrono::steady_clock::now();

    EXPECT_TRUE(PumpUntil([&] {
      client.Send("a");  // a byte now and then must not help
      return !client.ReadSome();
    }));

    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  }
  EXPECT_EQ(server_->stats().timed_out, 2u);
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(ServerTest, EndsIdleConnections) {
  Start({.idle_deadline = 100ms});
  RawClient silent(url_);
  RawClient used(url_);
  EXPECT_EQ(used.Get("/hello").status, 200);

  EXPECT_TRUE(silent.WaitForEnd());
  EXPECT_TRUE(used.WaitForEnd());

  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(ServerTest, DoesNotEndAHandlerThatTakesItsTime) {
  Start({.request_deadline = 40ms, .idle_deadline = 40ms, .write_deadline = 40ms});
  std::vector<Responder> waiting;
  server_->router().Add(Method::kGet, "/later",
                        [&](const RequestPtr&, Responder to) { waiting.push_back(std::move(to)); });
  RawClient client(url_);
  client.Send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  bool later = false;
  const Source timer = Source::After(200ms, [&] { later = true; });

  ASSERT_TRUE(PumpUntil([&] { return later && !waiting.empty(); }));
  waiting[0].Send(Response::Text(200, "at last"));

  EXPECT_EQ(client.Receive().body, "at last");
}

TEST_F(ServerTest, RefusesALongBodyBeforeItComes) {
  Start({.max_body_bytes = 1000});
  RawClient client(url_);

  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000000\r\n\r\n");

  const auto answer = client.Receive();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.WaitForEnd());
  client.Close();
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(ServerTest, RefusesALongBodyToAClientThatGoesOnSending) {
  Start({.max_body_bytes = 1000});
  RawClient client(url_);
  const std::string body(500'000, 'x');

  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n" + body);

  EXPECT_EQ(client.Receive().status, 413);
}

TEST_F(ServerTest, CountsTheBytesOfAChunkedBody) {
  Start({.max_body_bytes = 1000});
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "190\r\n" + std::string(400, 'x') + "\r\n";
  RawClient client(url_);

  client.Send(head + chunk + chunk + "0\r\n\r\n");
  EXPECT_EQ(client.Receive().body.size(), 800u);
  client.Send(head + chunk + chunk + chunk + "0\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 413);
}

TEST_F(ServerTest, AnswersExpectContinueAndRefusesInsteadOfIt) {
  Start({.max_body_bytes = 1000});
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Expect: 100-continue\r\n";
  RawClient client(url_);
  client.Send(head + "Content-Length: 2\r\n\r\n");
  ASSERT_TRUE(PumpUntil([&] {
    client.ReadSome();
    return client.buffer().find("\r\n\r\n") != std::string::npos;
  }));
  EXPECT_TRUE(client.buffer().starts_with("HTTP/1.1 100"));
  client.buffer().clear();
  client.Send("ok");
  EXPECT_EQ(client.Receive().body, "ok");

  RawClient large(url_);
  large.Send(head + "Content-Length: 2000\r\n\r\n");
  EXPECT_EQ(large.Receive().status, 413);
}

TEST_F(ServerTest, RefusesRequestsThatTwoReadersCouldReadDifferently) {
  Start();
  const std::pair<const char*, int> cases[] = {
      {"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
       400},
      {"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
      {"BREW /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 501},
  };
  for (const auto& [request, status] : cases) {
    RawClient client(url_);
    client.Send(request);

    EXPECT_EQ(client.Receive().status, status) << request;
    EXPECT_TRUE(client.WaitForEnd()) << request;
  }
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(ServerTest, RefusesChangesByPagesOfOtherSites) {
  Start();
  RawClient client(url_);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: " + client.host() +
                           "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nOrigin: ";

  client.Send(head + "http://evil.example\r\n\r\n{}");
  EXPECT_EQ(client.Receive().status, 403);
  client.Send(head + "http://" + client.host() + "\r\n\r\n{}");
  EXPECT_EQ(client.Receive().body, "{}");
}

TEST_F(ServerTest, RefusesABodyThatIsNotJsonAndKeepsTheConnection) {
  Start();
  RawClient client(url_);
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Type: ";

  client.Send(head + "text/plain\r\n\r\n{}");
  const auto refused = client.Receive();
  client.Send(head + "application/json\r\n\r\n{}");

  EXPECT_EQ(refused.status, 415);
  EXPECT_EQ(refused.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(client.Receive().body, "{}");
}

}  // namespace
}  // namespace ronin::http
