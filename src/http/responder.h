// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/reply_sink.h"

namespace ronin::http {

/// The right to answer one request, now or later. Copies share it (a std::function must be able
/// to hold it); the first answer counts, a second is a bug, which is logged and dropped. When
/// the last copy dies unanswered, that is logged and the client gets 500. Answering a client that
/// has left does nothing. Owner: whoever will answer. Thread: main.
class Responder {
 public:
  explicit Responder(std::shared_ptr<ReplySink> sink);

  void Send(Response response) const;
  /// A body that is in memory already, not copied. Ranges and If-None-Match do not apply.
  void SendBytes(GRef<GBytes> bytes, std::string content_type, HeaderList headers = {}) const;
  /// A long body with all of HTTP's conditions: Range, If-Range, If-None-Match, HEAD. `body` is
  /// held until its last byte was sent or the client has left.
  void SendBody(std::shared_ptr<BodySource> body, BodyOptions options) const;

  /// Send(Response::FromError(error)).
  void SendError(const Error& error) const;

  bool answered() const;
  /// True once the client has left; looking is free, so look before costly work.
  bool client_gone() const;
  /// `gone` is run once if the client leaves before its answer was complete, so that work for it
  /// can stop. It may run during this call; not when the Server is destroyed.
  void OnClientGone(std::function<void()> gone) const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared: the last copy notices a forgotten answer
};

}  // namespace ronin::http
