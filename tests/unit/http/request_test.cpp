// SPDX-License-Identifier: MIT
#include "http/request.h"

#include <gtest/gtest.h>

#include "http/request_check.h"

namespace ronin::http {
namespace {

TEST(Request, DecodesItsQuery) {
  const Request request({.query = "a=1&b=x+y%26z&a=2&flag&=&bad=%zz"});

  EXPECT_EQ(request.Query("a"), "1");
  EXPECT_EQ(request.QueryAll("a"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(request.Query("b"), "x y&z");
  EXPECT_EQ(request.Query("flag"), "");
  EXPECT_EQ(request.Query("bad"), "%zz");
  EXPECT_EQ(request.Query("c"), std::nullopt);
  EXPECT_EQ(request.QueryNames(), (std::vector<std::string>{"a", "b", "flag", "", "bad"}));
}

TEST(Request, FindsHeadersInAnyCase) {
  const Request request({.headers = {{"X-Thing", "1"}}});

  EXPECT_EQ(request.Header("x-thing"), "1");
  EXPECT_EQ(request.Header("y"), std::nullopt);
}

int StatusFor(HeaderList headers) {
  const RequestPolicy policy{.max_body_bytes = 100, .extra_hosts = {"nvr.lan"}};
  const auto refusal = CheckHeaders(headers, policy);
  return refusal ? refusal->status : 200;
}

TEST(RequestCheck, AcceptsTheNamesOfThisMachineOnly) {
  for (const char* host : {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "[::1]",
                           "[::1]:8080", "nvr.lan:80"}) {
    EXPECT_EQ(StatusFor({{"Host", host}}), 200) << host;
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                           "evil.example:8080", "", "[::2]", "127.0.0.2"}) {
    EXPECT_EQ(StatusFor({{"Host", host}}), 421) << host;
  }
}

TEST(RequestCheck, RefusesLengthsThatTwoReadersCouldReadDifferently) {
  const std::pair<std::string, std::string> host = {"Host", "localhost"};

  EXPECT_EQ(StatusFor({}), 400);
  EXPECT_EQ(StatusFor({host, host}), 400);
  EXPECT_EQ(StatusFor({host, {"Content-Length", "5"}}), 200);
  EXPECT_EQ(StatusFor({host, {"Transfer-Encoding", "chunked"}}), 200);
  EXPECT_EQ(StatusFor({host, {"Content-Length", "5"}, {"content-length", "5"}}), 400);
  EXPECT_EQ(StatusFor({host, {"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}), 400);
  EXPECT_EQ(StatusFor({host, {"Transfer-Encoding", "gzip, chunked"}}), 400);
  EXPECT_EQ(StatusFor({host, {"Content-Length", "+5"}}), 400);
  EXPECT_EQ(StatusFor({host, {"Content-Length", "5, 5"}}), 400);
  EXPECT_EQ(StatusFor({host, {"Content-Length", "101"}}), 413);
}

TEST(RequestCheck, TheOriginOfAPageIsItsHostAndPort) {
  EXPECT_TRUE(SameOrigin("http://localhost:8080", "localhost:8080"));
  EXPECT_TRUE(SameOrigin("https://nvr.lan", "nvr.lan"));
  EXPECT_FALSE(SameOrigin("http://localhost:3000", "localhost:8080"));
  EXPECT_FALSE(SameOrigin("http://evil.example", "localhost"));
  EXPECT_FALSE(SameOrigin("null", "localhost"));
  EXPECT_FALSE(SameOrigin("file://localhost", "localhost"));
}

int StatusOfChange(Request::Parts parts) {
  parts.headers.emplace_back("Host", "nvr.lan:8080");
  const auto refusal = CheckUnsafe(Request(std::move(parts)));
  return refusal ? refusal->status : 200;
}

TEST(RequestCheck, OnlyPagesOfThisServerMayChangeAnything) {
  const HeaderList own = {{"Origin", "http://nvr.lan:8080"}};
  for (const Method method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    EXPECT_EQ(StatusOfChange({.method = method}), 200) << "a program";
    EXPECT_EQ(StatusOfChange({.method = method, .headers = own}), 200);
    for (const char* origin : {"http://evil.example", "http://nvr.lan", "null", ""}) {
      EXPECT_EQ(StatusOfChange({.method = method, .headers = {{"Origin", origin}}}), 403) << origin;
    }
    EXPECT_EQ(StatusOfChange({.method = method, .headers = {own[0], {"Origin", "null"}}}), 403);
  }
  EXPECT_EQ(StatusOfChange({.headers = {{"Origin", "null"}}}), 200) << "GET changes nothing";
  EXPECT_EQ(StatusOfChange({.method = Method::kHead, .headers = {{"Origin", "null"}}}), 200);
}

TEST(RequestCheck, ABodyMustCallItselfJson) {
  for (const Method method : {Method::kPost, Method::kPut, Method::kPatch}) {
    for (const char* type : {"application/json", "Application/JSON",
                             "application/json; charset=utf-8", " application/json ;x=y"}) {
      EXPECT_EQ(
          StatusOfChange({.method = method, .headers = {{"Content-Type", type}}, .body = "{}"}),
          200)
          << type;
    }
    for (const char* type : {"", "text/plain", "application/jsonp", "text/plain; application/json",
                             "application/x-www-form-urlencoded"}) {
      EXPECT_EQ(
          StatusOfChange({.method = method, .headers = {{"Content-Type", type}}, .body = "{}"}),
          415)
          << type;
    }
    EXPECT_EQ(StatusOfChange({.method = method, .body = "{}"}), 415);
    EXPECT_EQ(StatusOfChange({.method = method}), 200) << "there is no body";
  }
  EXPECT_EQ(StatusOfChange({.method = Method::kDelete, .body = "{}"}), 200);
}

}  // namespace
}  // namespace ronin::http
