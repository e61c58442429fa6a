// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/signal_connection.h"
#include "http/body_pump.h"
#include "http/connection.h"
#include "http/reply_sink.h"
#include "http/request.h"
#include "http/soup_types.h"

namespace ronin::http {

/// One request and its answer on a connection of libsoup: the ReplySink behind a Responder.
/// Owner: shared by the connection, until libsoup is done with the message, and the Responder,
/// which may come later; it then does nothing. Thread: main.
class Exchange final : public ReplySink,
                       public Occupant,
                       public BodyPump::Sink,
                       public std::enable_shared_from_this<Exchange> {
 public:
  /// @param begun  called with the status when the answer begins
  Exchange(GRef<SoupServerMessage> message, RequestPtr request, std::weak_ptr<Connection> via,
           std::function<void(int)> begun);
  ~Exchange() override;

  /// The handler has returned: if it did not answer, libsoup waits.
  void HandlerReturned();

  void Send(Response response) override;
  void SendBytes(GRef<GBytes> bytes, std::string content_type, HeaderList headers) override;
  void SendBody(std::shared_ptr<BodySource> body, BodyOptions options) override;
  bool client_gone() const override { return !message_; }
  void OnClientGone(std::function<void()> gone) override;

  void Abandon() override { gone_.clear(); }
  void OnConnectionCut() override;
  void OnConnectionClosed() override { Finish(); }

  void OnPiece(const GRef<GBytes>& bytes) override;
  void OnBodyEnd() override;
  void OnBodyFailed(const Error& error) override;

 private:
  void Connect(const char* signal, void (*callback)(SoupServerMessage*, Exchange*));
  void Begin(int status, const std::string& content_type, const HeaderList& headers);
  void Append(const GRef<GBytes>& bytes);
  void Unpause();
  void Finish();
  void Break();
  bool head() const { return request_->method() == Method::kHead; }

  GRef<SoupServerMessage> message_;  // null once libsoup is done with it
  RequestPtr request_;
  std::weak_ptr<Connection> via_;  // weak: the connection owns this
  std::function<void(int)> begun_;
  std::vector<SignalConnection> signals_;
  std::shared_ptr<BodyPump> pump_;  // shared with the reads under way
  std::vector<std::function<void()>> gone_;
  bool in_handler_ = true;  // libsoup runs on by itself afterwards, so needs no waking
  bool answered_ = false;
  bool body_ended_ = false;
  bool complete_ = false;
};

/// The headers of every answer, whatever made it.
void AddSafetyHeaders(SoupMessageHeaders* headers);

/// The raw text of an answer that does not go through libsoup.
std::string RawAnswer(const Response& response, bool close);

}  // namespace ronin::http
