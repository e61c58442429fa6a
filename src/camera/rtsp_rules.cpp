// SPDX-License-Identifier: MIT
#include "camera/rtsp_rules.h"

#include <utility>

#include <sys/socket.h>

#include "camera/rtsp_pipeline.h"
#include "camera/socket_watch.h"

namespace ronin::camera {
namespace {

void Drop(gpointer data, GClosure*) noexcept { delete static_cast<RtspRules*>(data); }

/// Whether a certificate that the system does not trust is the one that the user trusts; if not,
/// the facts have it.
bool Accepts(const RtspRules& rules, const TlsCertificate& shown) {
  if (!shown.sha256.empty() && shown.sha256 == rules.tls_fingerprint) return true;
  std::lock_guard lock(rules.facts->mutex);
  rules.facts->distrusted = shown;
  return false;
}

gboolean OnBeforeSend(GstElement* source, GstRTSPMessage* request, gpointer data) noexcept {
  const auto& rules = *static_cast<RtspRules*>(data);
  const TlsCertificate* shown = DistrustedOnThisThread();
  if (shown != nullptr && !Accepts(rules, *shown)) {
    GST_ELEMENT_ERROR(source, RESOURCE, OPEN_READ, (nullptr), ("its certificate is not trusted"));
    return FALSE;
  }
  UniqueFd socket = SocketOfThisThread();
  if (rules.send_buffer_bytes > 0 && socket) {
    const int bytes = rules.send_buffer_bytes;
    setsockopt(socket.Get(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
  rules.meter->Follow(std::move(socket));
  GstRTSPMethod method = GST_RTSP_INVALID;
  gst_rtsp_message_parse_request(request, &method, nullptr, nullptr);
  rules.ending->Sends(method);
  rules.dialog->BeforeRequest(request);
  return TRUE;
}

/// Asked only about certificates that the system does not trust, before a session begins.
gboolean OnDistrust(GstElement*, GTlsConnection*, GTlsCertificate* shown,
                    GTlsCertificateFlags flaws, gpointer data) noexcept {
  const TlsCertificate certificate = DescribeCertificate(shown, flaws);
  return Accepts(*static_cast<RtspRules*>(data), certificate) ? TRUE : FALSE;
}

}  // namespace

RtspRules RtspRules::For(const RtspSource& source, std::shared_ptr<StreamFacts> facts,
                         std::shared_ptr<SocketMeter> meter, std::shared_ptr<RtspEnding> ending) {
  RtspDialog::Register();
  WatchSockets();
  auto dialog = std::make_shared<RtspDialog>(source.username, source.password, facts);
  return {std::move(dialog), std::move(facts), std::move(meter), std::move(ending),
          source.tls_fingerprint};
}

void RtspRules::Apply(GstElement* rtspsrc, const RtspSource& source) const {
  // As objects, not as text: a password may hold anything.
  g_object_set(rtspsrc, "user-id", source.username.empty() ? nullptr : source.username.c_str(),
               "user-pw", source.username.empty() ? nullptr : source.password.c_str(), nullptr);
  for (const auto& [signal, handler] : {std::pair{"before-send", G_CALLBACK(OnBeforeSend)},
                                        std::pair{"accept-certificate", G_CALLBACK(OnDistrust)}}) {
    g_signal_connect_data(rtspsrc, signal, handler, new RtspRules(*this), Drop, GConnectFlags(0));
  }
}

}  // namespace ronin::camera
