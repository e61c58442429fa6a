// SPDX-License-Identifier: MIT
#include "http/request_check.h"

#include <algorithm>

#include "base/g_ref.h"
#include "base/text.h"
#include "http/url_text.h"

namespace ronin::http {
namespace {

std::vector<std::string_view> Values(const HeaderList& headers, std::string_view name) {
  std::vector<std::string_view> out;
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoreCase(key, name)) out.push_back(value);
  }
  return out;
}

/// Without port; brackets of an IPv6 address stay.
std::string_view HostName(std::string_view host) {
  const size_t bracket = host.rfind(']');
  const size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

bool IsOurs(std::string_view host, const RequestPolicy& policy) {
  const std::string_view name = HostName(host);
  const auto same = [name](std::string_view known) { return EqualsIgnoreCase(name, known); };
  constexpr std::string_view kLoopback[] = {"localhost", "127.0.0.1", "[::1]"};
  return std::any_of(std::begin(kLoopback), std::end(kLoopback), same) ||
         std::any_of(policy.extra_hosts.begin(), policy.extra_hosts.end(), same);
}

std::optional<Response> CheckLength(const HeaderList& headers, size_t max_body_bytes) {
  const auto lengths = Values(headers, "Content-Length");
  const auto codings = Values(headers, "Transfer-Encoding");
  if (!lengths.empty() && !codings.empty()) {
    return Response::Problem(400, "Send Content-Length or Transfer-Encoding, not both.");
  }
  if (codings.size() > 1 || (codings.size() == 1 && !EqualsIgnoreCase(codings[0], "chunked"))) {
    return Response::Problem(400, "The only Transfer-Encoding is chunked.");
  }
  if (lengths.size() > 1) return Response::Problem(400, "Send Content-Length once.");
  if (lengths.empty()) return std::nullopt;
  const std::optional<int64_t> length = ParseDigits(lengths[0]);
  if (!length) return Response::Problem(400, "Content-Length must be a whole number.");
  if (uint64_t(*length) > max_body_bytes) {
    return Response::Problem(413, Concat("Send at most ", max_body_bytes, " bytes."));
  }
  return std::nullopt;
}

bool HasToken(const Request& request, std::string_view header, std::string_view token) {
  const std::string value = request.Header(header).value_or("");
  const auto parts = SplitList(value);
  return std::any_of(parts.begin(), parts.end(),
                     [token](std::string_view part) { return EqualsIgnoreCase(part, token); });
}

bool IsKey(const std::string& key) {
  gsize length = 0;
  const GCharPtr bytes(reinterpret_cast<char*>(g_base64_decode(key.c_str(), &length)));
  return key.size() == 24 && length == 16;
}

/// RFC 6455, 4.2.2: proves that the answer is meant for this handshake.
std::string AcceptOf(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  guint8 digest[20];
  gsize length = sizeof digest;
  const std::unique_ptr<GChecksum, FreeWith<g_checksum_free>> sum(g_checksum_new(G_CHECKSUM_SHA1));
  g_checksum_update(sum.get(), reinterpret_cast<const guchar*>(text.data()), gssize(text.size()));
  g_checksum_get_digest(sum.get(), digest, &length);
  return GCharPtr(g_base64_encode(digest, length)).get();
}

}  // namespace

std::optional<Response> CheckHeaders(const HeaderList& headers, const RequestPolicy& policy) {
  const auto hosts = Values(headers, "Host");
  if (hosts.size() != 1) return Response::Problem(400, "Send one Host header.");
  if (policy.check_host && !IsOurs(hosts[0], policy)) {
    return Response::Problem(421, "This server does not answer for that host name.");
  }
  return CheckLength(headers, policy.max_body_bytes);
}

bool SameOrigin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return EqualsIgnoreCase(origin.substr(scheme.size()), host);
  }
  return false;  // "null" and others
}

std::optional<Response> CheckUnsafe(const Request& request) {
  const Method method = request.method();
  if (method == Method::kGet || method == Method::kHead) return std::nullopt;
  const std::string host = request.Header("Host").value_or("");
  for (const std::string& origin : request.HeaderAll("Origin")) {
    if (SameOrigin(origin, host)) continue;
    return Response::Problem(403, "Pages of other sites may not change anything here.");
  }
  const bool takes_body =
      method == Method::kPost || method == Method::kPut || method == Method::kPatch;
  if (!takes_body || request.body().empty()) return std::nullopt;
  const std::string type = request.Header("Content-Type").value_or("");
  if (EqualsIgnoreCase(Trim(std::string_view(type).substr(0, type.find(';'))), "application/json"))
    return std::nullopt;
  return Response::Problem(
      415, "Send the body as JSON, with the header Content-Type: application/json.");
}

Upgrade CheckUpgrade(const Request& request, std::string_view subprotocol) {
  if (!HasToken(request, "Upgrade", "websocket") || !HasToken(request, "Connection", "Upgrade")) {
    return {"", Response::Problem(426, "Open this as a WebSocket.").With("Upgrade", "websocket")};
  }
  const auto origin = request.Header("Origin");
  if (origin && !SameOrigin(*origin, request.Header("Host").value_or(""))) {
    return {"", Response::Problem(403, "Pages of other sites may not open this WebSocket.")};
  }
  const std::string key = request.Header("Sec-WebSocket-Key").value_or("");
  if (request.Header("Sec-WebSocket-Version") != "13" || !IsKey(key)) {
    return {"", Response::Problem(400, "Send a WebSocket handshake of version 13.")
                    .With("Sec-WebSocket-Version", "13")};
  }
  if (!subprotocol.empty() && !HasToken(request, "Sec-WebSocket-Protocol", subprotocol)) {
    return {"", Response::Problem(400, Concat("Ask for the subprotocol ", subprotocol, "."))};
  }
  return {AcceptOf(key), std::nullopt};
}

}  // namespace ronin::http
