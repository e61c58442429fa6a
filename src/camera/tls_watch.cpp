// SPDX-License-Identifier: MIT
#include "camera/tls_watch.h"

#include <optional>

namespace ronin::camera {
namespace {

thread_local std::optional<TlsCertificate> t_distrusted;

/// Of each GSocketClient of the process, by the thread that connects.
gboolean OnSocketEvent(GSignalInvocationHint*, guint count, const GValue* values,
                       gpointer) noexcept {
  if (count < 4) return TRUE;
  const int event = g_value_get_enum(&values[1]);
  if (event == G_SOCKET_CLIENT_RESOLVING || event == G_SOCKET_CLIENT_CONNECTING) {
    t_distrusted.reset();
  }
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKED) return TRUE;
  auto* tls = G_TLS_CONNECTION(g_value_get_object(&values[3]));
  GTlsCertificate* shown = g_tls_connection_get_peer_certificate(tls);
  const GTlsCertificateFlags flaws = g_tls_connection_get_peer_certificate_errors(tls);
  if (shown != nullptr && flaws != 0) t_distrusted = DescribeCertificate(shown, flaws);
  return TRUE;  // stays
}

}  // namespace

const TlsCertificate* DistrustedOnThisThread() { return t_distrusted ? &*t_distrusted : nullptr; }

void WatchTlsHandshakes() {
  static const gulong hook = [] {
    g_type_class_unref(g_type_class_ref(G_TYPE_SOCKET_CLIENT));  // makes its signals
    return g_signal_add_emission_hook(g_signal_lookup("event", G_TYPE_SOCKET_CLIENT), 0,
                                      OnSocketEvent, nullptr, nullptr);
  }();
  (void)hook;
}

}  // namespace ronin::camera
