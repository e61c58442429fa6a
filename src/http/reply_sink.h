// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/body_source.h"
#include "http/response.h"

namespace ronin::http {

/// Where one answer goes: the connection, or a test's record of it. A Responder makes sure that
/// exactly one of the Send functions is called, once. Owner: the Responders of the request share
/// it. Thread: main.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  virtual void Send(Response response) = 0;
  virtual void SendBytes(GRef<GBytes> bytes, std::string content_type, HeaderList headers) = 0;
  virtual void SendBody(std::shared_ptr<BodySource> body, BodyOptions options) = 0;
  /// True once the client has closed the connection.
  virtual bool client_gone() const = 0;
  /// `gone` is run once if the client leaves before the answer was complete.
  virtual void OnClientGone(std::function<void()> gone) = 0;
};

}  // namespace ronin::http
