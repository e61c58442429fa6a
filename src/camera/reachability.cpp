// SPDX-License-Identifier: MIT
#include "camera/reachability.h"

#include <utility>

#include "base/g_ref.h"
#include "base/source.h"
#include "base/text.h"

RONIN_G_OBJECT(GSocketClient)
RONIN_G_OBJECT(GSocketConnection)

namespace ronin::camera {
namespace {

CameraError Explain(const std::string& where, const GError* error) {
  if (error == nullptr) {
    return {"not_rtsp",
            Concat("Something answers at ", where, ", but not as an RTSP camera; check the port.")};
  }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    return {"refused", Concat("Nothing listens at ", where,
                              "; check the port, and that RTSP is switched on in the camera.")};
  }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    return {"timeout", Concat("No answer from ", where,
                              "; check that the camera is on and the address is right.")};
  }
  if (error->domain == G_RESOLVER_ERROR) {
    return {"unreachable",
            Concat("The name of the camera cannot be found (", where, "); check the address.")};
  }
  return {"unreachable",
          Concat("No way to ", where, " (", error->message, "); check address and cable.")};
}

}  // namespace

struct ReachabilityProbe::Attempt {
  std::string where;
  Done done;  // empty: nobody waits any more
  GRef<GCancellable> cancellable = Adopt(g_cancellable_new());
  Source limit;
};

void ReachabilityProbe::OnConnected(GObject* client, GAsyncResult* result, gpointer data) noexcept {
  const std::unique_ptr<std::shared_ptr<Attempt>> held(
      static_cast<std::shared_ptr<Attempt>*>(data));
  Attempt& attempt = **held;
  GErrorPtr error;
  const GRef<GSocketConnection> connection =
      Adopt(g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(client), result, Out(error)));
  attempt.limit.Cancel();
  const Done done = std::exchange(attempt.done, nullptr);
  if (!done) return;
  const CameraError found = Explain(attempt.where, error.get());
  done(found.code, found.message);
}

void ReachabilityProbe::Start(const std::string& host, uint16_t port, Done done) {
  Cancel();
  attempt_ = std::make_shared<Attempt>();
  attempt_->where = Concat(host, ":", port);
  attempt_->done = std::move(done);
  GCancellable* cancellable = attempt_->cancellable.Get();
  // Not a time limit of the client: what that ends, GLib 2.74 never frees, a kilobyte each time.
  attempt_->limit = Source::After(limit_, [cancellable] { g_cancellable_cancel(cancellable); });
  const GRef<GSocketClient> client = Adopt(g_socket_client_new());
  g_socket_client_set_enable_proxy(client.Get(), FALSE);
  g_socket_client_connect_to_host_async(client.Get(), host.c_str(), port, cancellable, OnConnected,
                                        new std::shared_ptr<Attempt>(attempt_));
}

void ReachabilityProbe::Cancel() {
  const auto attempt = std::exchange(attempt_, nullptr);
  if (!attempt) return;
  attempt->done = nullptr;
  attempt->limit.Cancel();
  g_cancellable_cancel(attempt->cancellable.Get());
}

}  // namespace ronin::camera
