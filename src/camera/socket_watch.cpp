// SPDX-License-Identifier: MIT
#include "camera/socket_watch.h"

#include <optional>

#include <fcntl.h>

#include "base/g_ref.h"

namespace ronin::camera {
namespace {

/// Of one thread. Does not keep the connection.
struct Newest {
  Newest() { g_weak_ref_init(&socket, nullptr); }
  ~Newest() { g_weak_ref_clear(&socket); }
  Newest(const Newest&) = delete;
  Newest& operator=(const Newest&) = delete;

  GWeakRef socket;
  std::optional<TlsCertificate> distrusted;
};

thread_local Newest t_newest;

void NoteCertificate(GTlsConnection* tls) {
  GTlsCertificate* shown = g_tls_connection_get_peer_certificate(tls);
  const GTlsCertificateFlags flaws = g_tls_connection_get_peer_certificate_errors(tls);
  if (shown != nullptr && flaws != 0) t_newest.distrusted = DescribeCertificate(shown, flaws);
}

/// Of each GSocketClient of the process, by the thread that connects.
gboolean OnSocketEvent(GSignalInvocationHint*, guint count, const GValue* values,
                       gpointer) noexcept {
  if (count < 4) return TRUE;
  gpointer connection = g_value_get_object(&values[3]);
  switch (g_value_get_enum(&values[1])) {
    case G_SOCKET_CLIENT_CONNECTING:
      t_newest.distrusted.reset();
      break;
    case G_SOCKET_CLIENT_CONNECTED:
      if (G_IS_SOCKET_CONNECTION(connection)) {
        g_weak_ref_set(&t_newest.socket,
                       g_socket_connection_get_socket(G_SOCKET_CONNECTION(connection)));
      }
      break;
    case G_SOCKET_CLIENT_TLS_HANDSHAKED:
      NoteCertificate(G_TLS_CONNECTION(connection));
      break;
    default:
      break;
  }
  return TRUE;  // stays
}

}  // namespace

const TlsCertificate* DistrustedOnThisThread() {
  return t_newest.distrusted ? &*t_newest.distrusted : nullptr;
}

UniqueFd SocketOfThisThread() {
  const GRef<GSocket> socket = Adopt(static_cast<GSocket*>(g_weak_ref_get(&t_newest.socket)));
  if (!socket || g_socket_is_closed(socket.Get()) != FALSE) return {};
  return UniqueFd(fcntl(g_socket_get_fd(socket.Get()), F_DUPFD_CLOEXEC, 0));
}

void WatchSockets() {
  static const gulong hook = [] {
    g_type_class_unref(g_type_class_ref(G_TYPE_SOCKET_CLIENT));  // makes its signals
    return g_signal_add_emission_hook(g_signal_lookup("event", G_TYPE_SOCKET_CLIENT), 0,
                                      OnSocketEvent, nullptr, nullptr);
  }();
  (void)hook;
}

}  // namespace ronin::camera
