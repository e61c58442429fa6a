// SPDX-License-Identifier: MIT
#include "http/response.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "http/responder.h"

namespace ronin::http {
namespace {

TEST(Problem, SaysWhatRfc9457Wants) {
  const Response response =
      Response::Problem(422, "Correct the fields.", {{"name", "must not be empty"}});

  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const JsonValue json = JsonValue::Parse(response.body).value();
  EXPECT_EQ(json.Member("type")->AsString(), "about:blank");
  EXPECT_EQ(json.Member("title")->AsString(), "Unprocessable Content");
  EXPECT_EQ(json.Member("status")->AsInt(), 422);
  EXPECT_EQ(json.Member("detail")->AsString(), "Correct the fields.");
  const auto errors = json.Member("errors")->Elements();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].Member("field")->AsString(), "name");
}

TEST(Problem, LeavesOutWhatThereIsNot) {
  const Response response = Response::Problem(404, "No camera has this id.");

  EXPECT_FALSE(JsonValue::Parse(response.body).value().Member("errors"));
}

TEST(Problem, HidesTheCauseOfAnError) {
  const Response response =
      Response::FromError({ErrorKind::kInternal, "the catalog is damaged", "/secret/path"});

  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(Problem, EveryErrorKindHasItsStatus) {
  const std::pair<ErrorKind, int> expected[] = {
      {ErrorKind::kInvalidArgument, 400}, {ErrorKind::kNotFound, 404},
      {ErrorKind::kConflict, 409},        {ErrorKind::kPermission, 403},
      {ErrorKind::kUnavailable, 503},     {ErrorKind::kNoSpace, 503},
      {ErrorKind::kTimeout, 503},         {ErrorKind::kCorrupt, 500},
      {ErrorKind::kUnsupported, 422},     {ErrorKind::kInternal, 500}};
  for (const auto& [kind, status] : expected) EXPECT_EQ(StatusOf(kind), status) << ToString(kind);
}

struct Recorder : ReplySink {
  void Send(Response response) override { sent.push_back(std::move(response)); }
  void SendBytes(GRef<GBytes>, std::string, HeaderList) override {}
  void SendBody(std::shared_ptr<BodySource>, BodyOptions) override {}
  bool client_gone() const override { return gone; }
  void OnClientGone(std::function<void()>) override {}
  std::vector<Response> sent;
  bool gone = false;
};

TEST(Responder, AnswersOnce) {
  const auto sink = std::make_shared<Recorder>();
  const Responder responder(sink);

  responder.Send(Response::Text(200, "first"));
  responder.Send(Response::Text(200, "second"));  // logged as a bug

  ASSERT_EQ(sink->sent.size(), 1u);
  EXPECT_EQ(sink->sent[0].body, "first");
}

TEST(Responder, AnswersForAHandlerThatForgot) {
  const auto sink = std::make_shared<Recorder>();
  {
    const Responder responder(sink);
    const Responder copy = responder;  // NOLINT: the last copy counts
  }

  ASSERT_EQ(sink->sent.size(), 1u);
  EXPECT_EQ(sink->sent[0].status, 500);
}

TEST(Responder, DoesNothingOnceTheClientHasLeft) {
  const auto sink = std::make_shared<Recorder>();
  sink->gone = true;

  Responder(sink).Send(Response::Text(200, ""));

  EXPECT_TRUE(sink->sent.empty());
}

}  // namespace
}  // namespace ronin::http
