// SPDX-License-Identifier: MIT
#include "api/talk_routes.h"

#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

constexpr int64_t kLowestRate = 8000;  // Hz
constexpr int64_t kHighestRate = 48000;
constexpr size_t kMostBytes = 200 * kHighestRate / 1000 * 2;  // 200 ms of a message

/// What a text message asks for, or what is wrong with it.
struct Wish {
  bool stop = false;
  int64_t camera_id = 0;
  int sample_rate_hz = 0;
  std::string wrong;
};

Wish Wrong(std::string sentence) { return {.wrong = std::move(sentence)}; }

Wish ReadStart(const JsonValue& start) {
  for (const std::string& name : start.MemberNames()) {
    if (name != "camera_id" && name != "sample_rate_hz") {
      return Wrong("\"start\" has camera_id and sample_rate_hz, and nothing else.");
    }
  }
  const auto number = [&](const char* name) {
    const auto member = start.Member(name);
    return member ? member->AsInt() : std::nullopt;
  };
  const auto camera = number("camera_id");
  const auto rate = number("sample_rate_hz");
  if (!camera || *camera < 1) return Wrong("camera_id must be the number of a camera.");
  if (!rate || *rate < kLowestRate || *rate > kHighestRate) {
    return Wrong("sample_rate_hz must be a whole number from 8000 to 48000.");
  }
  return {.camera_id = *camera, .sample_rate_hz = int(*rate)};
}

Wish ReadWish(std::string_view text) {
  const auto message = JsonValue::Parse(text);
  if (!message) return Wrong("The message is not JSON.");
  const auto names = message->MemberNames();
  if (names.size() == 1 && names[0] == "stop") return {.stop = true};
  const auto start = message->Member("start");
  if (names.size() != 1 || !start || !start->IsObject()) {
    return Wrong(R"(Send {"start":{…}}, {"stop":{}} or samples.)");
  }
  return ReadStart(*start);
}

std::string AnswerView(const talk::Talks::Answer& answer) {
  JsonWriter json;
  json.Object().Key("available").Bool(answer.channel.has_value());
  if (answer.channel) {
    json.Key("codec").String(ToString(answer.channel->codec));
    json.Key("sample_rate_hz").Int(answer.channel->sample_rate_hz).Key("reason").Null();
  } else {
    json.Key("codec").Null().Key("sample_rate_hz").Null().Key("reason").String(answer.reason);
  }
  return json.End().Text();
}

std::string Coded(const char* what, std::string_view code, std::string_view detail) {
  JsonWriter json;
  json.Object().Key(what).Object().Key("code").String(code).Key("detail").String(detail);
  return json.End().End().Text();
}

}  // namespace

/// Who speaks by one socket: to one camera at a time, and to the next when that is over.
class TalkRoutes::Speaker {
 public:
  Speaker(talk::Talks& talks, std::shared_ptr<http::WebSocket> socket)
      : talks_(talks), socket_(std::move(socket)) {
    socket_->on_text = [this](std::string_view text) { OnText(text); };
    socket_->on_binary = [this](std::string_view samples) { OnSamples(samples); };
  }
  ~Speaker() {
    if (talk_) talks_.Drop(*talk_);
    // The server may hold the socket for longer.
    socket_->on_text = nullptr;
    socket_->on_binary = nullptr;
  }
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;

  const http::WebSocket* socket() const { return socket_.get(); }

 private:
  void OnText(std::string_view text) {
    const Wish wish = ReadWish(text);
    if (!wish.wrong.empty()) return Refuse("bad_message", wish.wrong);
    if (wish.stop) {
      if (talk_) return talks_.End(*talk_);
      return Refuse("not_talking", "There is no talk to be ended.");
    }
    if (talk_) return Refuse("talking", "End the talk before the next one.");
    talk_ = talks_.Start(wish.camera_id, wish.sample_rate_hz, Events(wish.camera_id));
  }

  void OnSamples(std::string_view samples) {
    if (samples.empty() || samples.size() % 2 != 0 || samples.size() > kMostBytes) {
      return Refuse("bad_message",
                    "Send samples of 16 bits, little-endian, mono, 200 ms of them at most.");
    }
    // Without a talk they are late: it has ended meanwhile, as the client is about to read.
    if (talk_) talks_.Push(*talk_, samples);
  }

  talk::Talk::Events Events(int64_t camera_id) {
    // Weak: what is told when the socket is closed reaches nobody.
    const std::weak_ptr<bool> alive = alive_;
    return {.ready =
                [this, alive, camera_id](const talk::BackChannel& channel) {
                  if (alive.expired()) return;
                  JsonWriter json;
                  json.Object().Key("ready").Object().Key("camera_id").Int(camera_id);
                  json.Key("codec").String(ToString(channel.codec));
                  json.Key("sample_rate_hz").Int(channel.sample_rate_hz).End().End();
                  socket_->SendText(json.Text());
                },
            .dropped =
                [this, alive](std::chrono::milliseconds dropped) {
                  if (alive.expired()) return;
                  JsonWriter json;
                  json.Object().Key("dropped").Object().Key("ms").Int(dropped.count());
                  socket_->SendText(json.End().End().Text());
                },
            .ended =
                [this, alive](const talk::TalkEnd& end) {
                  if (alive.expired()) return;
                  talk_.reset();
                  socket_->SendText(Coded("ended", end.code, end.detail));
                }};
  }

  void Refuse(std::string_view code, std::string_view detail) {
    socket_->SendText(Coded("error", code, detail));
  }

  talk::Talks& talks_;
  std::shared_ptr<http::WebSocket> socket_;  // shared with the server, which closes it
  std::optional<uint64_t> talk_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // dies with this
};

TalkRoutes::TalkRoutes(const ApiContext& context) : context_(context) {
  context_.server.router().Add(Method::kGet, "/api/cameras/{id:int}/talk",
                               [this](const http::RequestPtr& request, http::Responder responder) {
                                 Look(request, responder);
                               });
  context_.server.AddWebSocket(
      "/api/talk", "ronin.talk.1",
      [this](const std::shared_ptr<http::WebSocket>& socket) { Opened(socket); });
}

TalkRoutes::~TalkRoutes() = default;

void TalkRoutes::Look(const http::RequestPtr& request, const http::Responder& responder) {
  context_.talks.Look(request->IntParam("id"),
                      [responder](const Result<talk::Talks::Answer>& answer) {
                        if (answer) {
                          responder.Send(Response::Json(200, AnswerView(*answer)));
                        } else {
                          responder.SendError(answer.error());
                        }
                      });
}

void TalkRoutes::Opened(const std::shared_ptr<http::WebSocket>& socket) {
  if (speakers_.size() >= kMostSockets) {
    socket->Close(1013, "too many people speak");
    return;
  }
  socket->on_closed = [this, raw = socket.get()](uint16_t) {
    std::erase_if(speakers_, [raw](const auto& one) { return one->socket() == raw; });
  };
  speakers_.push_back(std::make_unique<Speaker>(context_.talks, socket));
}

}  // namespace ronin::api
