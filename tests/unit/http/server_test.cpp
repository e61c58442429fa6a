// SPDX-License-Identifier: MIT
#include "http/server.h"

#include <gtest/gtest.h>

#include "unit/http/server_fixture.h"

namespace ronin::http {
namespace {

using namespace std::chrono_literals;
using testing::PumpUntil;
using testing::RawClient;
using testing::ServerTest;

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
  Start();
  RawClient client(url_);

  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.Get("/hello").body, "hello");

  EXPECT_EQ(server_->stats().accepted, 1u);
  EXPECT_EQ(server_->stats().requests, 5u);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client(url_);
  const std::string host = "Host: " + client.host() + "\r\n";

  client.Send(
      "POST /echo HTTP/1.1\r\n" + host +
      "Content-Type: application/json\r\nContent-Length: 3\r\n\r\noneGET /hello HTTP/1.1\r\n" +
      host + "\r\n");

  EXPECT_EQ(client.Receive().body, "one");
  EXPECT_EQ(client.Receive().body, "hello");
}

TEST_F(ServerTest, KeepsTheConnectionAfterAnswersWithoutBody) {
  Start();
  server_->router().Add(Method::kDelete, "/thing",
                        [](const RequestPtr&, const Responder& to) { to.Send(Response::Empty()); });
  RawClient client(url_);

  client.Send("DELETE /thing HTTP/1.1\r\nHost: localhost\r\n\r\n");

  const auto answer = client.Receive();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(client.Get("/hello").status, 200);
}

TEST_F(ServerTest, AnswersHeadWithTheLengthAndNoBody) {
  Start();
  RawClient client(url_);

  client.Send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.Receive(true);

  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "5");
  EXPECT_EQ(client.Get("/hello").body, "hello");
}

TEST_F(ServerTest, ExplainsWhatItDoesNotServe) {
  Start();
  RawClient client(url_);

  const auto missing = client.Get("/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.headers.at("content-type"), "application/problem+json");

  client.Send("DELETE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto wrong = client.Receive();
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "GET, HEAD");
}

TEST_F(ServerTest, CountsItsAnswersByRouteAndStatus) {
  Start();
  server_->router().Add(Method::kGet, "/things/{id:int}",
                        [](const RequestPtr& request, const Responder& to) {
                          const bool there = request->IntParam("id") == 1;
                          to.Send(Response::Text(there ? 200 : 404, "x"));
                        });
  RawClient client(url_);

  for (const char* path : {"/hello", "/things/1", "/things/1", "/things/2", "/nothing"}) {
    client.Get(path);
  }
  client.Send("DELETE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 405);
  client.Send("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  const int refused = client.Receive().status;

  EXPECT_EQ(server_->stats().answers, (Server::Answers{{{"/hello", 200}, 1},
                                                       {{"/things/{id:int}", 200}, 2},
                                                       {{"/things/{id:int}", 404}, 1},
                                                       {{"", 404}, 1},
                                                       {{"", 405}, 1},
                                                       {{"", refused}, 1}}));
}

TEST_F(ServerTest, SendsSafetyHeadersWithEveryAnswer) {
  Start();
  server_->router().Add(Method::kGet, "/api/x", [](const RequestPtr&, const Responder& to) {
    to.Send(Response::Json(200, "{}").With("X-Odd", "a\r\nInjected: yes"));
  });
  RawClient client(url_);

  for (const char* path : {"/hello", "/nothing", "/api/x"}) {
    const auto answer = client.Get(path);
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(answer.headers.at("referrer-policy"), "no-referrer") << path;
    EXPECT_EQ(answer.headers.contains("injected"), false) << path;
  }
  EXPECT_EQ(client.Get("/api/x").headers.at("cache-control"), "no-store");
}

TEST_F(ServerTest, LetsAHandlerAnswerLater) {
  Start();
  std::vector<Responder> waiting;
  server_->router().Add(Method::kGet, "/later",
                        [&](const RequestPtr&, Responder to) { waiting.push_back(std::move(to)); });
  RawClient client(url_);
  client.Send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(PumpUntil([&] { return !waiting.empty(); }));

  waiting[0].Send(Response::Text(200, "now"));

  EXPECT_EQ(client.Receive().body, "now");
  EXPECT_EQ(client.Get("/hello").body, "hello");
}

TEST_F(ServerTest, TellsAWaitingHandlerThatItsClientLeft) {
  Start();
  std::vector<Responder> waiting;
  bool gone = false;
  server_->router().Add(Method::kGet, "/later", [&](const RequestPtr&, Responder to) {
    to.OnClientGone([&] { gone = true; });
    waiting.push_back(std::move(to));
  });
  RawClient client(url_);
  client.Send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(PumpUntil([&] { return !waiting.empty(); }));

  client.Close();

  EXPECT_TRUE(PumpUntil([&] { return gone; }));
  EXPECT_TRUE(waiting[0].client_gone());
  waiting[0].Send(Response::Text(200, "too late"));
  EXPECT_TRUE(NoConnectionLeft());
}

TEST_F(ServerTest, AnswersForAHandlerThatForgets) {
  Start();
  server_->router().Add(Method::kGet, "/forget", [](const RequestPtr&, const Responder&) {});
  RawClient client(url_);

  EXPECT_EQ(client.Get("/forget").status, 500);
}

TEST_F(ServerTest, MayDieWhileAnswersAreWaiting) {
  Start();
  std::vector<Responder> waiting;
  bool gone = false;
  server_->router().Add(Method::kGet, "/later",
                        [&](const RequestPtr&, Responder to) { waiting.push_back(std::move(to)); });
  RawClient client(url_);
  RawClient idle(url_);
  client.Send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(PumpUntil([&] { return !waiting.empty(); }));

  server_.reset();

  EXPECT_TRUE(client.WaitForEnd());
  EXPECT_TRUE(idle.WaitForEnd());
  waiting[0].Send(Response::Text(200, "nobody"));
  EXPECT_FALSE(gone);  // handlers may be gone by then
}

TEST_F(ServerTest, AsksTheGateFirst) {
  Start();
  std::string asked;
  server_->SetGate([&](const Request&, std::string_view pattern) -> std::optional<Response> {
    asked = pattern;
    return Response::Problem(401, "Sign in.");
  });
  RawClient client(url_);

  EXPECT_EQ(client.Get("/hello").status, 401);
  EXPECT_EQ(asked, "/hello");
}

TEST_F(ServerTest, ListensOnLoopbackOnly) {
  Start();

  const auto wide = server_->Listen("0.0.0.0:0");

  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().kind, ErrorKind::kInvalidArgument);
  EXPECT_NE(wide.error().message.find("only loopback addresses"), std::string::npos);
  EXPECT_TRUE(server_->Listen("[::1]:0")->starts_with("http://[::1]:"));
  EXPECT_TRUE(server_->Listen("localhost:0"));
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  Start();

  EXPECT_EQ(server_->Listen(url_.substr(7)).error().kind, ErrorKind::kConflict);
  for (const char* bad :
       {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "::1:80", "example.org:80"}) {
    EXPECT_EQ(server_->Listen(bad).error().kind, ErrorKind::kInvalidArgument) << bad;
  }
  EXPECT_EQ(Server::Create({.max_connections = 0}).error().kind, ErrorKind::kInvalidArgument);
}

}  // namespace
}  // namespace ronin::http
