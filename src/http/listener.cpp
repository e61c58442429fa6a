// SPDX-License-Identifier: MIT
#include "http/listener.h"

#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "http/soup_types.h"
#include "http/url_text.h"

RONIN_G_OBJECT(GInetAddress)

namespace ronin::http {
namespace {

using namespace std::chrono_literals;

constexpr int kBacklog = 128;
constexpr int kAcceptsPerTurn = 32;  // then others get their turn

Error ListenError(const GError* error, const ListenAddress& address) {
  const std::string what = Concat("listen on ", address.host, " port ", address.port);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
    return {ErrorKind::kConflict, what + ": the port is taken by another program"};
  }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    return {ErrorKind::kPermission, what + ": not allowed; ports below 1024 need a privilege"};
  }
  return {ErrorKind::kUnavailable, what + ": the address cannot be used",
          error != nullptr ? error->message : ""};
}

std::string UrlOf(GSocketAddress* local) {
  auto* inet = G_INET_SOCKET_ADDRESS(local);
  GInetAddress* address = g_inet_socket_address_get_address(inet);
  const GCharPtr text(g_inet_address_to_string(address));
  const bool six = g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6;
  return Concat("http://", six ? "[" : "", text.get(), six ? "]" : "", ":",
                g_inet_socket_address_get_port(inet));
}

}  // namespace

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto wrong = [text] {
    return Fail(
        ErrorKind::kInvalidArgument,
        Concat("\"", text, "\" is no address to listen on; write 127.0.0.1:8080 or [::1]:0"));
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  std::string_view host = text.substr(0, colon);
  const auto port = ParseDigits(text.substr(colon + 1));
  if (!port || *port > 65535) return wrong();
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong();
  }
  ListenAddress out{host == "localhost" ? "127.0.0.1" : std::string(host), uint16_t(*port)};
  const GRef<GInetAddress> parsed = Adopt(g_inet_address_new_from_string(out.host.c_str()));
  if (!parsed) return wrong();
  out.loopback = g_inet_address_get_is_loopback(parsed.Get()) != FALSE;
  return out;
}

Result<std::unique_ptr<Listener>> Listener::Open(const ListenAddress& address, Accepted accepted) {
  const GRef<GInetAddress> inet = Adopt(g_inet_address_new_from_string(address.host.c_str()));
  const GRef<GSocketAddress> bind_to = Adopt(g_inet_socket_address_new(inet.Get(), address.port));
  GErrorPtr error;
  GRef<GSocket> socket =
      Adopt(g_socket_new(g_inet_address_get_family(inet.Get()), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, Out(error)));
  if (!socket) return Fail(ListenError(error.get(), address));
  g_socket_set_blocking(socket.Get(), FALSE);
  g_socket_set_listen_backlog(socket.Get(), kBacklog);
  if (g_socket_bind(socket.Get(), bind_to.Get(), TRUE, Out(error)) == FALSE ||
      g_socket_listen(socket.Get(), Out(error)) == FALSE) {
    return Fail(ListenError(error.get(), address));
  }
  const GRef<GSocketAddress> local = Adopt(g_socket_get_local_address(socket.Get(), Out(error)));
  if (!local) return Fail(ListenError(error.get(), address));
  return std::unique_ptr<Listener>(
      new Listener(std::move(socket), address.loopback, UrlOf(local.Get()), std::move(accepted)));
}

Listener::Listener(GRef<GSocket> socket, bool loopback, std::string url, Accepted accepted)
    : socket_(std::move(socket)),
      loopback_(loopback),
      url_(std::move(url)),
      accepted_(std::move(accepted)) {
  Watch();
}

void Listener::Watch() {
  watch_ = Source::OnFd(g_socket_get_fd(socket_.Get()), G_IO_IN,
                        [this](GIOCondition) { return Accept(); });
}

bool Listener::Accept() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    GErrorPtr error;
    GRef<GSocket> socket = Adopt(g_socket_accept(socket_.Get(), nullptr, Out(error)));
    if (socket) {
      failing_ = false;
      accepted_(std::move(socket));
      continue;
    }
    if (g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) return true;
    // Out of descriptors, most likely. The socket stays readable, so look away for a while.
    if (!std::exchange(failing_, true)) {
      log::Error("http", Concat("cannot accept connections: ", error ? error->message : "unknown",
                                "; trying again every second"));
    }
    watch_ = Source::After(1s, [this] { Watch(); });
    return false;
  }
  return true;
}

}  // namespace ronin::http
