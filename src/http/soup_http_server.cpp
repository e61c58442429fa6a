// SPDX-License-Identifier: MIT
#include "http/soup_http_server.h"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "http/soup_web_socket.h"

namespace ronin::http {
namespace {

using namespace std::chrono_literals;

constexpr const char* kOwnerKey = "ronin-http-server";
constexpr const char* kConnectionKey = "ronin-http-connection";
constexpr const char* kLoopbackKey = "ronin-http-loopback";
constexpr int64_t kRefusalLogUs = 60 * 1'000'000;

HeaderList HeadersOf(SoupServerMessage* message) {
  HeaderList out;
  SoupMessageHeadersIter iter;
  soup_message_headers_iter_init(&iter, soup_server_message_get_request_headers(message));
  const char* name = nullptr;
  const char* value = nullptr;
  while (soup_message_headers_iter_next(&iter, &name, &value) != FALSE) {
    out.emplace_back(name, value);
  }
  return out;
}

std::string RemoteAddress(SoupServerMessage* message) {
  GSocketAddress* address = soup_server_message_get_remote_address(message);
  if (!G_IS_INET_SOCKET_ADDRESS(address)) return "";
  GInetAddress* inet = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address));
  return GCharPtr(g_inet_address_to_string(inet)).get();
}

Request::Parts PartsOf(SoupServerMessage* message, Method method, std::string body) {
  GUri* uri = soup_server_message_get_uri(message);
  const char* path = g_uri_get_path(uri);
  const char* query = g_uri_get_query(uri);
  return {.method = method,
          .path = path != nullptr && *path != '\0' ? path : "/",
          .query = query != nullptr ? query : "",
          .headers = HeadersOf(message),
          .body = std::move(body),
          .remote_address = RemoteAddress(message)};
}

std::string AllowOf(const std::vector<Method>& methods) {
  std::string out;
  for (const Method method : methods) {
    out += Concat(out.empty() ? "" : ", ", ToString(method));
  }
  return out;
}

/// libsoup keeps connections alive only while it has a listener of its own. This one is an end of
/// a socket pair, whose other end `peer` says nothing: all connections come through our listeners.
Status AddMuteListener(SoupServer* server, UniqueFd* peer) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return Fail(ErrorFromErrno(errno, "start the HTTP server"));
  }
  *peer = UniqueFd(ends[0]);
  GErrorPtr error;
  const GRef<GSocket> mute = Adopt(g_socket_new_from_fd(ends[1], Out(error)));
  if (!mute) ::close(ends[1]);
  if (!mute || soup_server_listen_socket(server, mute.Get(), SoupServerListenOptions(0),
                                         Out(error)) == FALSE) {
    return Fail(ErrorFromGError(error.get(), "start the HTTP server"));
  }
  return {};
}

/// The owner of a libsoup server that a signal came from; null once it is gone.
SoupHttpServer* OwnerOf(gpointer soup) {
  return static_cast<SoupHttpServer*>(g_object_get_data(G_OBJECT(soup), kOwnerKey));
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Create(Options options) {
  const bool sane = options.max_connections > 0 && options.request_deadline > 0ms &&
                    options.idle_deadline > 0ms && options.write_deadline > 0ms &&
                    options.web_socket_max_message_bytes > 0;
  if (!sane) return Fail(ErrorKind::kInvalidArgument, "limits of the HTTP server must be above 0");
  auto server = std::make_unique<SoupHttpServer>(std::move(options));
  if (auto started = server->Start(); !started) return Fail(started.error());
  return server;
}

SoupHttpServer::SoupHttpServer(Options options) : options_(std::move(options)) {}

Status SoupHttpServer::Start() {
  RONIN_ASSERT_MAIN_THREAD();
  soup_ = Adopt(soup_server_new("raw-paths", TRUE, nullptr));
  g_object_set_data(G_OBJECT(soup_.Get()), kOwnerKey, this);
  const auto started = [](SoupServer* soup, SoupServerMessage* message, gpointer) noexcept {
    if (auto* self = OwnerOf(soup)) self->OnRequestStarted(message);
  };
  g_signal_connect(
      soup_.Get(), "request-started",
      G_CALLBACK(+static_cast<void (*)(SoupServer*, SoupServerMessage*, gpointer)>(started)),
      nullptr);
  soup_server_add_handler(
      soup_.Get(), nullptr,
      [](SoupServer* soup, SoupServerMessage* message, const char*, GHashTable*,
         gpointer) noexcept {
        if (auto* self = OwnerOf(soup)) self->OnRequest(message);
      },
      nullptr, nullptr);
  const auto shortest =
      std::min({options_.request_deadline, options_.idle_deadline, options_.write_deadline});
  tick_ = Source::Every(std::clamp<std::chrono::milliseconds>(shortest / 4, 5ms, 1000ms),
                        [this] { Tick(); });
  return AddMuteListener(soup_.Get(), &mute_peer_);
}

SoupHttpServer::~SoupHttpServer() {
  tick_.Cancel();
  listeners_.clear();
  const auto open = std::move(connections_);
  connections_.clear();
  g_object_set_data(G_OBJECT(soup_.Get()), kOwnerKey, nullptr);
  for (const auto& [key, connection] : open) connection->Abandon();
  soup_server_disconnect(soup_.Get());
  for (const auto& [key, connection] : open) connection->Close();
}

Result<std::string> SoupHttpServer::Listen(std::string_view text) {
  RONIN_ASSERT_MAIN_THREAD();
  const auto address = ParseListenAddress(text);
  if (!address) return Fail(address.error());
  if (!address->loopback && !options_.allow_remote) {
    return Fail(
        ErrorKind::kInvalidArgument,
        Concat("cannot listen on ", text, ": only loopback addresses until accounts exist"));
  }
  auto listener = Listener::Open(*address, [this, loopback = address->loopback](auto socket) {
    Accept(std::move(socket), loopback);
  });
  if (!listener) return Fail(listener.error());
  listeners_.push_back(std::move(*listener));
  return listeners_.back()->url();
}

void SoupHttpServer::AddWebSocket(std::string path, std::string subprotocol,
                                  WebSocketHandler opened) {
  sockets_[std::move(path)] = {std::move(subprotocol), std::move(opened)};
}

Server::Stats SoupHttpServer::stats() const {
  Stats out = stats_;
  out.connections = connections_.size();
  out.answers = *answers_;
  out.web_sockets = size_t(std::count_if(connections_.begin(), connections_.end(),
                                         [](auto& item) { return item.second->is_web_socket(); }));
  return out;
}

// ---- connections ----

void SoupHttpServer::Accept(GRef<GSocket> socket, bool loopback) {
  if (connections_.size() >= options_.max_connections) {
    return Refuse(
        Concat(options_.max_connections, " connections are open, the limit; closing further ones"));
  }
  if (options_.spare_descriptors && options_.spare_descriptors() < 0) {
    FreeDescriptors();
    return Refuse(
        "nearly all files and connections that this program may open are in use, and the rest is "
        "kept for recording; closing connections. Raise the limit (LimitNOFILE= of the service)");
  }
  const GRef<GSocketAddress> remote = Adopt(g_socket_get_remote_address(socket.Get(), nullptr));
  const GRef<GSocketAddress> local = Adopt(g_socket_get_local_address(socket.Get(), nullptr));
  if (!remote || !local) return;  // gone already
  ++stats_.accepted;
  const Connection::Deadlines deadlines{options_.request_deadline, options_.idle_deadline,
                                        options_.write_deadline};
  // libsoup hands this very object back with each message, so it leads to the connection.
  GObject* tag = G_OBJECT(remote.Get());
  auto connection = std::make_shared<Connection>(
      std::move(socket), deadlines, mailbox_.sender(),
      [this, mail = mailbox_.sender(), held = Share(tag)](Connection* closed) {
        g_object_set_data(held.Get(), kConnectionKey, nullptr);
        mail.Post([this, closed] { connections_.erase(closed); });
      });
  g_object_set_data(tag, kConnectionKey, connection.get());
  g_object_set_data(tag, kLoopbackKey, GINT_TO_POINTER(loopback ? 1 : 0));
  connections_[connection.get()] = connection;
  const GRef<GIOStream> stream = connection->TakeStream();
  soup_server_accept_iostream(soup_.Get(), stream.Get(), local.Get(), remote.Get(), nullptr);
}

void SoupHttpServer::Refuse(const std::string& reason) {
  ++stats_.refused;
  const int64_t now = g_get_monotonic_time();
  if (refusal_logged_us_ != 0 && now - refusal_logged_us_ < kRefusalLogUs) return;
  refusal_logged_us_ = now;
  log::Warning("http", reason);
}

/// Ends as many idle connections as descriptors are wanted back, those that are idle longest first.
void SoupHttpServer::FreeDescriptors() {
  const int64_t spare = options_.spare_descriptors ? options_.spare_descriptors() : 0;
  if (spare >= 0) return;
  std::vector<std::pair<int64_t, Connection*>> idle;
  for (const auto& [key, connection] : connections_) {
    if (const auto since = connection->idle_since_us()) idle.emplace_back(*since, key);
  }
  std::sort(idle.begin(), idle.end());
  if (int64_t(idle.size()) > -spare) idle.resize(size_t(-spare));
  for (const auto& [since, connection] : idle) connection->Abort();
}

void SoupHttpServer::Tick() {
  const int64_t now = g_get_monotonic_time();
  for (const auto& [key, connection] : connections_) {
    if (connection->Tick(now)) ++stats_.timed_out;
  }
  FreeDescriptors();
}

void SoupHttpServer::AnswerAndClose(Connection& connection, const Response& response) {
  if (!connection.usable()) return;
  ++(*answers_)[{"", response.status}];
  connection.AnswerAndClose(RawAnswer(response, true));
}

Connection* SoupHttpServer::Find(SoupServerMessage* message) const {
  GSocketAddress* remote = soup_server_message_get_remote_address(message);
  return static_cast<Connection*>(g_object_get_data(G_OBJECT(remote), kConnectionKey));
}

// ---- a request, from its first byte ----

void SoupHttpServer::OnRequestStarted(SoupServerMessage* message) {
  AddSafetyHeaders(soup_server_message_get_response_headers(message));
  soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
  using Plain = void (*)(SoupServerMessage*, gpointer);
  using WithBytes = void (*)(SoupServerMessage*, GBytes*, gpointer);
  const Plain headers = [](SoupServerMessage* from, gpointer soup) noexcept {
    if (auto* self = OwnerOf(soup)) self->OnHeaders(from);
  };
  const WithBytes chunk = [](SoupServerMessage* from, GBytes* bytes, gpointer soup) noexcept {
    if (auto* self = OwnerOf(soup)) self->OnChunk(from, bytes);
  };
  const Plain finished = [](SoupServerMessage* from, gpointer soup) noexcept {
    if (auto* self = OwnerOf(soup)) self->OnFinished(from);
  };
  gpointer soup = soup_.Get();
  g_signal_connect_object(message, "got-headers", G_CALLBACK(headers), soup, GConnectFlags(0));
  g_signal_connect_object(message, "got-chunk", G_CALLBACK(chunk), soup, GConnectFlags(0));
  g_signal_connect_object(message, "finished", G_CALLBACK(finished), soup, GConnectFlags(0));
  // The first message of a connection exists before its first byte.
  if (Connection* connection = Find(message); connection && connection->wire()->first_byte_us) {
    connection->RequestStarted();
  }
}

void SoupHttpServer::OnHeaders(SoupServerMessage* message) {
  Connection* connection = Find(message);
  if (connection == nullptr) return;
  connection->RequestStarted();
  GObject* tag = G_OBJECT(soup_server_message_get_remote_address(message));
  const RequestPolicy policy{.max_body_bytes = options_.max_body_bytes,
                             .check_host = g_object_get_data(tag, kLoopbackKey) != nullptr,
                             .extra_hosts = options_.extra_hosts};
  const auto refusal = CheckHeaders(HeadersOf(message), policy);
  if (refusal) AnswerAndClose(*connection, *refusal);
}

void SoupHttpServer::OnChunk(SoupServerMessage* message, GBytes* chunk) {
  Connection* connection = Find(message);
  if (connection == nullptr || !connection->usable()) return;
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(chunk, &size));
  if (connection->body_size() + size > options_.max_body_bytes) {
    const auto refusal =
        Response::Problem(413, Concat("Send at most ", options_.max_body_bytes, " bytes."));
    return AnswerAndClose(*connection, refusal);
  }
  connection->AddBody({data, size});
}

void SoupHttpServer::OnFinished(SoupServerMessage* message) {
  if (Connection* connection = Find(message)) connection->RequestFinished();
}

void SoupHttpServer::OnRequest(SoupServerMessage* message) {
  Connection* connection = Find(message);
  if (connection == nullptr || !connection->usable()) {
    soup_server_message_set_status(message, 400, nullptr);  // never sent
    return;
  }
  ++stats_.requests;
  const auto method = ParseMethod(soup_server_message_get_method(message));
  Request::Parts parts = PartsOf(message, method.value_or(Method::kGet), connection->TakeBody());
  if (!method) {
    const Response refusal = Response::Problem(501, "This server does not know that method.");
    AnswerAndClose(*connection, refusal);
    soup_server_message_set_status(message, 501, nullptr);
    return;
  }
  Dispatch(std::move(parts), message, *connection);
}

// ---- a whole request ----

void SoupHttpServer::Dispatch(Request::Parts parts, SoupServerMessage* message,
                              Connection& connection) {
  Router::Match match = router_.Find(parts.method, parts.path);
  parts.int_params = std::move(match.int_params);
  parts.text_params = std::move(match.text_params);
  const auto request = std::make_shared<const Request>(std::move(parts));
  const auto socket = sockets_.find(request->path());
  const std::string& pattern = socket != sockets_.end() ? socket->first : match.pattern;
  const auto exchange =
      std::make_shared<Exchange>(Share(message), request, connection.weak_from_this(),
                                 [answers = answers_, pattern](int status) {
                                   ++(*answers)[{pattern, status}];
                                 });
  connection.StartAnswer(exchange);
  if (socket != sockets_.end() && request->method() == Method::kGet) {
    const Upgrade upgrade = CheckUpgrade(*request, socket->second.subprotocol);
    const auto stopped = gate_ ? gate_(*request, socket->first) : std::nullopt;
    if (!upgrade.refusal && !stopped) {
      return OpenWebSocket(socket->second, upgrade.accept, request, message, connection);
    }
    exchange->Send(upgrade.refusal ? *upgrade.refusal : *stopped);
  } else {
    Route(match, request, Responder(exchange));
  }
  exchange->HandlerReturned();
}

void SoupHttpServer::Route(const Router::Match& match, const RequestPtr& request,
                           const Responder& responder) {
  if (match.handler == nullptr && match.allow.empty()) return NotFound(*request, responder);
  if (match.handler == nullptr) {
    return responder.Send(Response::Problem(405, "This address takes other methods, see Allow.")
                              .With("Allow", AllowOf(match.allow)));
  }
  if (const auto refusal = CheckUnsafe(*request)) return responder.Send(*refusal);
  if (const auto stopped = gate_ ? gate_(*request, match.pattern) : std::nullopt) {
    return responder.Send(*stopped);
  }
  const Handler handler = *match.handler;  // it may add routes
  handler(request, responder);
}

void SoupHttpServer::NotFound(const Request& request, const Responder& responder) const {
  if (options_.static_files && options_.static_files->Serve(request, responder)) return;
  responder.Send(Response::Problem(404, "There is nothing at this address."));
}

void SoupHttpServer::OpenWebSocket(const Socket& socket, const std::string& accept,
                                   const RequestPtr& request, SoupServerMessage* message,
                                   Connection& connection) {
  soup_server_message_set_status(message, 500, nullptr);  // libsoup's side ends; never sent
  Response hello{.status = 101};
  hello.headers = {
      {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", accept}};
  if (!socket.subprotocol.empty()) {
    hello.headers.emplace_back("Sec-WebSocket-Protocol", socket.subprotocol);
  }
  const GRef<GIOStream> stream = connection.Upgrade(RawAnswer(hello, false));
  if (!stream) return;
  ++(*answers_)[{request->path(), hello.status}];
  const char* protocol = socket.subprotocol.empty() ? nullptr : socket.subprotocol.c_str();
  // No extensions: libsoup would compress each video frame on this thread.
  GRef<SoupWebsocketConnection> soup = Adopt(
      soup_websocket_connection_new(stream.Get(), soup_server_message_get_uri(message),
                                    SOUP_WEBSOCKET_CONNECTION_SERVER, nullptr, protocol, nullptr));
  const SoupWebSocket::Limits limits{options_.web_socket_max_message_bytes,
                                     options_.web_socket_queue_limit};
  const auto web_socket = std::make_shared<SoupWebSocket>(
      std::move(soup), request, socket.subprotocol, connection.shared_from_this(), limits);
  connection.StartWebSocket(web_socket);
  const WebSocketHandler opened = socket.opened;  // it may add sockets
  opened(web_socket);
}

}  // namespace ronin::http
