// SPDX-License-Identifier: MIT
#include "camera/reachability.h"

#include <memory>

#include <gio/gio.h>

#include "base/text.h"

RONIN_G_OBJECT(GSocketClient)
RONIN_G_OBJECT(GSocketConnection)

namespace ronin::camera {
namespace {

struct Attempt {
  GRef<GCancellable> cancellable;
  std::string where;
  ReachabilityProbe::Done done;
};

void Explain(const Attempt& attempt, const GError* error) {
  const std::string& where = attempt.where;
  if (error == nullptr) {
    attempt.done("not_rtsp", Concat("Something answers at ", where,
                                    ", but not as an RTSP camera; check the port."));
  } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    attempt.done("refused",
                 Concat("Nothing listens at ", where,
                        "; check the port, and that RTSP is switched on in the camera."));
  } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    attempt.done("timeout", Concat("No answer from ", where,
                                   "; check that the camera is on and the address is right."));
  } else if (error->domain == G_RESOLVER_ERROR) {
    attempt.done("unreachable", Concat("The name of the camera cannot be found (", where,
                                       "); check the address."));
  } else {
    attempt.done("unreachable",
                 Concat("No way to ", where, " (", error->message, "); check address and cable."));
  }
}

void OnConnected(GObject* client, GAsyncResult* result, gpointer data) noexcept {
  const std::unique_ptr<Attempt> attempt(static_cast<Attempt*>(data));
  GErrorPtr error;
  const GRef<GSocketConnection> connection =
      Adopt(g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(client), result, Out(error)));
  if (g_cancellable_is_cancelled(attempt->cancellable.Get()) != FALSE) return;
  Explain(*attempt, error.get());
}

}  // namespace

void ReachabilityProbe::Start(const std::string& host, uint16_t port, Done done) {
  Cancel();
  cancellable_ = Adopt(g_cancellable_new());
  const GRef<GSocketClient> client = Adopt(g_socket_client_new());
  g_socket_client_set_timeout(client.Get(), 3);
  g_socket_client_set_enable_proxy(client.Get(), FALSE);
  auto* attempt = new Attempt{cancellable_, Concat(host, ":", port), std::move(done)};
  g_socket_client_connect_to_host_async(client.Get(), host.c_str(), port, cancellable_.Get(),
                                        OnConnected, attempt);
}

void ReachabilityProbe::Cancel() {
  if (cancellable_) g_cancellable_cancel(cancellable_.Get());
  cancellable_.Reset();
}

}  // namespace ronin::camera
