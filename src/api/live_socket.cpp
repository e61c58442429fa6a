// SPDX-License-Identifier: MIT
#include "api/live_socket.h"

#include <map>
#include <utility>

#include "api/live_viewer.h"
#include "base/text.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 250ms;

template <typename... Callables>
struct Overloaded : Callables... {
  using Callables::operator()...;
};
template <typename... Callables>
Overloaded(Callables...) -> Overloaded<Callables...>;

}  // namespace

struct LiveSocket::Session {
  Session(std::shared_ptr<http::WebSocket> with, const Clock& clock, ChannelMessages& messages)
      : socket(std::move(with)), out{clock, *socket, messages} {}

  std::shared_ptr<http::WebSocket> socket;  // shared with the server, which closes it
  LiveOut out;
  std::map<uint32_t, LiveViewer> viewers;  // by channel
};

LiveSocket::LiveSocket(const ApiContext& context) : context_(context) {
  context_.server.AddWebSocket(
      "/api/live", "ronin.live.1",
      [this](std::shared_ptr<http::WebSocket> socket) { Opened(std::move(socket)); });
}

LiveSocket::~LiveSocket() = default;

size_t LiveSocket::channels() const {
  size_t out = 0;
  for (const auto& session : sessions_) out += session->viewers.size();
  return out;
}

void LiveSocket::Opened(std::shared_ptr<http::WebSocket> socket) {
  if (sessions_.size() >= kMostSockets) {
    socket->Close(1013, "too many viewers");
    return;
  }
  sessions_.push_back(std::make_unique<Session>(std::move(socket), context_.clock, messages_));
  Session& session = *sessions_.back();
  session.socket->on_text = [this, &session](std::string_view text) { Heard(session, text); };
  session.socket->on_binary = [this, &session](std::string_view) {
    Refuse(session, {"unknown_message", "only text is understood here"});
  };
  // Later, since it may be a viewer's message that found the socket dead.
  session.socket->on_closed = [this, &session](uint16_t) {
    mailbox_.Post([this, closed = &session] { Closed(closed); });
  };
  if (!look_.active()) look_ = Source::Every(kLook, [this] { Look(); });
}

void LiveSocket::Closed(Session* session) {
  std::erase_if(sessions_, [session](const auto& one) { return one.get() == session; });
  if (sessions_.empty()) look_.Cancel();
}

void LiveSocket::Heard(Session& session, std::string_view text) {
  std::visit(
      Overloaded{[&](const LiveAck& ack) {
                   const auto found = session.viewers.find(ack.channel);
                   if (found != session.viewers.end()) found->second.Acked(ack.bytes);
                 },
                 [&](const LiveSubscribe& request) { Subscribe(session, request); },
                 // It may have ended by itself meanwhile.
                 [&](const LiveUnsubscribe& end) { session.viewers.erase(end.channel); },
                 [&](const LivePing& ping) { session.socket->SendText(PongText(ping.channel)); },
                 [&](const LiveError& error) { Refuse(session, error); }},
      ReadLiveRequest(text));
}

void LiveSocket::Subscribe(Session& session, const LiveSubscribe& request) {
  const auto refuse = [&](std::string code, std::string detail) {
    Refuse(session, {std::move(code), std::move(detail), request.channel});
  };
  camera::Camera* camera = context_.cameras.Find(request.stream);
  if (camera == nullptr) return refuse("not_found", "There is no such camera.");
  if (request.stream.kind == StreamKind::kSub && !camera->record().sub_url) {
    return refuse("no_sub_stream", "The camera has no sub stream; set its sub_url.");
  }
  const bool is_new = session.viewers.count(request.channel) == 0;
  if (is_new && session.viewers.size() >= kMostChannels) {
    return refuse("too_many_channels",
                  Concat("There are ", kMostChannels, " channels on a socket at most."));
  }
  const auto viewer = session.viewers.try_emplace(request.channel, session.out, request.channel);
  viewer.first->second.Watch(request.stream, [&](live::FeedListener& listener) {
    return context_.hub.Subscribe(*camera, listener);
  });
}

void LiveSocket::Refuse(Session& session, const LiveError& error) {
  // A client that sends nonsense and reads nothing gets no answers.
  if (!session.socket->congested()) session.socket->SendText(ErrorText(error));
}

void LiveSocket::Look() {
  for (const auto& session : sessions_) {
    for (auto& [channel, viewer] : session->viewers) viewer.Look();
    std::erase_if(session->viewers, [](const auto& item) { return item.second.over(); });
  }
}

}  // namespace ronin::api
