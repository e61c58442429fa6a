// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/mailbox.h"
#include "base/source.h"
#include "base/unique_fd.h"
#include "http/connection.h"
#include "http/exchange.h"
#include "http/listener.h"
#include "http/request_check.h"
#include "http/server.h"
#include "http/soup_types.h"

namespace ronin::http {

/// The Server on libsoup: our sockets and guard outside, its HTTP/1.1 inside. Thread: main.
class SoupHttpServer final : public Server {
 public:
  explicit SoupHttpServer(Options options);
  ~SoupHttpServer() override;

  /// The second half of construction. Errors: kInternal.
  Status Start();

  Result<std::string> Listen(std::string_view address) override;
  Router& router() override { return router_; }
  void AddWebSocket(std::string path, std::string subprotocol, WebSocketHandler opened) override;
  void SetGate(Gate gate) override { gate_ = std::move(gate); }
  Stats stats() const override;

 private:
  struct Socket {
    std::string subprotocol;
    WebSocketHandler opened;
  };

  // Connections.
  void Accept(GRef<GSocket> socket, bool loopback);
  void Refuse(const std::string& reason);
  void FreeDescriptors();
  void Tick();
  Connection* Find(SoupServerMessage* message) const;
  void AnswerAndClose(Connection& connection, const Response& response);

  // Signals of libsoup, in the order of a request.
  void OnRequestStarted(SoupServerMessage* message);
  void OnHeaders(SoupServerMessage* message);
  void OnChunk(SoupServerMessage* message, GBytes* chunk);
  void OnFinished(SoupServerMessage* message);
  void OnRequest(SoupServerMessage* message);

  // What to do with a whole request.
  void Dispatch(Request::Parts parts, SoupServerMessage* message, Connection& connection);
  void Route(const Router::Match& match, const RequestPtr& request, const Responder& responder);
  void OpenWebSocket(const Socket& socket, const std::string& accept, const RequestPtr& request,
                     SoupServerMessage* message, Connection& connection);
  void NotFound(const Request& request, const Responder& responder) const;

  Options options_;
  Router router_;
  std::map<std::string, Socket, std::less<>> sockets_;  ///< by path
  Gate gate_;
  Stats stats_;                                                           ///< without `answers`
  const std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();  ///< some come later
  GRef<SoupServer> soup_;
  UniqueFd mute_peer_;
  Mailbox mailbox_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  int64_t refusal_logged_us_ = 0;
  Source tick_;
};

}  // namespace ronin::http
