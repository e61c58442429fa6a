// SPDX-License-Identifier: MIT
#include "camera/rtsp_ping.h"

#include <array>
#include <string_view>
#include <utility>

#include <gio/gio.h>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto kLimit = 4s;
constexpr std::string_view kWanted = "RTSP/";

gboolean TakeAnyCertificate(GTlsConnection*, GTlsCertificate*, GTlsCertificateFlags,
                            gpointer) noexcept {
  return TRUE;
}

void OnClientEvent(GSocketClient*, GSocketClientEvent event, GSocketConnectable*,
                   GIOStream* connection, gpointer) noexcept {
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKING) return;
  g_signal_connect(connection, "accept-certificate", G_CALLBACK(TakeAnyCertificate), nullptr);
}

}  // namespace

struct RtspPing::Attempt {
  using Shared = std::shared_ptr<Attempt>;

  GRef<GCancellable> cancellable = Adopt(g_cancellable_new());
  GRef<GIOStream> connection;
  std::string request;
  std::array<char, kWanted.size()> answer{};
  size_t size = 0;
  Done done;

  /// For one asynchronous call; Take() gets it back in its callback.
  static gpointer Lend(const Shared& self) { return new Shared(self); }
  static Shared Take(gpointer data) { return *std::unique_ptr<Shared>(static_cast<Shared*>(data)); }

  static void OnConnected(GObject* client, GAsyncResult* result, gpointer data) noexcept {
    const Shared self = Take(data);
    GSocketConnection* made =
        g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(client), result, nullptr);
    if (made == nullptr) return Finish(self, false);
    self->connection = Adopt(G_IO_STREAM(made));
    g_output_stream_write_all_async(g_io_stream_get_output_stream(self->connection.Get()),
                                    self->request.data(), self->request.size(), G_PRIORITY_DEFAULT,
                                    self->cancellable.Get(), OnWritten, Lend(self));
  }

  static void OnWritten(GObject* stream, GAsyncResult* result, gpointer data) noexcept {
    const Shared self = Take(data);
    const bool sent = g_output_stream_write_all_finish(G_OUTPUT_STREAM(stream), result, nullptr,
                                                       nullptr) != FALSE;
    if (!sent) return Finish(self, false);
    Read(self);
  }

  static void Read(const Shared& self) {
    g_input_stream_read_async(g_io_stream_get_input_stream(self->connection.Get()),
                              self->answer.data() + self->size, self->answer.size() - self->size,
                              G_PRIORITY_DEFAULT, self->cancellable.Get(), OnRead, Lend(self));
  }

  static void OnRead(GObject* stream, GAsyncResult* result, gpointer data) noexcept {
    const Shared self = Take(data);
    const gssize got = g_input_stream_read_finish(G_INPUT_STREAM(stream), result, nullptr);
    if (got <= 0) return Finish(self, false);
    self->size += size_t(got);
    if (self->size < kWanted.size()) return Read(self);
    Finish(self, std::string_view(self->answer.data(), self->size) == kWanted);
  }
};

void RtspPing::Start(const std::string& host, uint16_t port, bool tls, Done done) {
  Cancel();
  attempt_ = std::make_shared<Attempt>();
  const bool v6 = host.find(':') != std::string::npos;
  attempt_->request =
      Concat("OPTIONS ", tls ? "rtsps" : "rtsp", "://", v6 ? "[" : "", host, v6 ? "]" : "", ":",
             port, "/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: RoninNVR\r\n\r\n");
  attempt_->done = std::move(done);
  GSocketClient* client = g_socket_client_new();
  const GRef<GObject> owner = Adopt(G_OBJECT(client));
  g_socket_client_set_enable_proxy(client, FALSE);
  g_socket_client_set_tls(client, tls ? TRUE : FALSE);
  g_signal_connect(client, "event", G_CALLBACK(OnClientEvent), nullptr);
  limit_ = Source::After(kLimit, [attempt = attempt_] { Finish(attempt, false); });
  g_socket_client_connect_to_host_async(client, host.c_str(), port, attempt_->cancellable.Get(),
                                        Attempt::OnConnected, Attempt::Lend(attempt_));
}

void RtspPing::Finish(const std::shared_ptr<Attempt>& attempt, bool answers) {
  const Done done = std::exchange(attempt->done, nullptr);
  g_cancellable_cancel(attempt->cancellable.Get());
  if (done) done(answers);
}

void RtspPing::Cancel() {
  limit_.Cancel();
  if (!attempt_) return;
  attempt_->done = nullptr;
  g_cancellable_cancel(attempt_->cancellable.Get());
  attempt_.reset();
}

}  // namespace ronin::camera
