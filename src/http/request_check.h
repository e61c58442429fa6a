// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace ronin::http {

/// What a connection allows.
struct RequestPolicy {
  size_t max_body_bytes = 0;
  bool check_host = true;                ///< Host must be one of ours
  std::vector<std::string> extra_hosts;  ///< beside localhost, 127.0.0.1 and [::1]
};

/// The refusal of a request by its headers, before its body is read: lengths and hosts that two
/// readers could understand differently (request smuggling), bodies that are too long, hosts
/// that are not ours (a web page whose name was made to point at this machine). Nothing if the
/// request is fine. Pure; any thread.
std::optional<Response> CheckHeaders(const HeaderList& headers, const RequestPolicy& policy);

/// True if a page of `origin` is one of this server: its host and port are those of `host`.
bool SameOrigin(std::string_view origin, std::string_view host);

/// The refusal of a request that may change something (neither GET nor HEAD): 403 when a page of
/// another site sent it, 415 when the body of a POST, PUT or PATCH does not call itself JSON.
/// Browsers let such pages send forms and plain text unasked, but JSON only where it is allowed.
/// Nothing if the request is fine. Pure; any thread.
std::optional<Response> CheckUnsafe(const Request& request);

/// The Sec-WebSocket-Accept value for a handshake; or why it is refused (400, 403, 426).
struct Upgrade {
  std::string accept;
  std::optional<Response> refusal;
};
Upgrade CheckUpgrade(const Request& request, std::string_view subprotocol);

}  // namespace ronin::http
