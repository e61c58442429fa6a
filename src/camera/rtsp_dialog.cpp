// SPDX-License-Identifier: MIT
#include "camera/rtsp_dialog.h"

#include <cstring>
#include <utility>

#include <gst/rtsp/gstrtspextension.h>

#include "base/text.h"
#include "camera/camera_url.h"

namespace {

using ronin::camera::RtspDialog;

// Request and answer are one call of rtspsrc, so both come by the same thread.
thread_local std::weak_ptr<RtspDialog> t_dialog;
thread_local const GstRTSPMessage* t_request = nullptr;

struct RoninRtspRules {
  GstElement parent;
};
struct RoninRtspRulesClass {
  GstElementClass parent;
};

void ronin_rtsp_rules_extension_init(gpointer iface, gpointer) {
  static_cast<GstRTSPExtensionInterface*>(iface)->after_send =
      [](GstRTSPExtension*, GstRTSPMessage* request, GstRTSPMessage* answer) noexcept {
        // Not that of another rtspsrc, which has no dialog.
        const bool ours = std::exchange(t_request, nullptr) == request;
        const auto dialog = std::exchange(t_dialog, {}).lock();
        if (ours && dialog) dialog->AfterAnswer(request, answer);
        return GST_RTSP_OK;
      };
}

G_DEFINE_TYPE_WITH_CODE(RoninRtspRules, ronin_rtsp_rules, GST_TYPE_ELEMENT,
                        G_IMPLEMENT_INTERFACE(GST_TYPE_RTSP_EXTENSION,
                                              ronin_rtsp_rules_extension_init))

void ronin_rtsp_rules_init(RoninRtspRules*) {}
void ronin_rtsp_rules_class_init(RoninRtspRulesClass* klass) {
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "RTSP rules",
                                        "Network/Extension/Protocol",
                                        "What a camera's answers may do", "RoninNVR");
}

}  // namespace

namespace ronin::camera {
namespace {

// More are a circle.
constexpr unsigned kMostRedirects = 3;

std::string HeaderOf(const GstRTSPMessage* message, GstRTSPHeaderField field) {
  gchar* value = nullptr;
  gst_rtsp_message_get_header(message, field, &value, 0);
  return value != nullptr ? value : "";
}

/// A first sequence number of 0 or 1, as Hikvision and Tapo write whatever the real one is. rtspsrc
/// would throw away all packets that seem to come before it, which may be the first 32,767.
bool HasMadeUpSequence(const GstRTSPMessage* answer) {
  gchar* value = nullptr;
  for (int i = 0;
       gst_rtsp_message_get_header(answer, GST_RTSP_HDR_RTP_INFO, &value, i) == GST_RTSP_OK; ++i) {
    const char* at = std::strstr(value, "seq=");
    if (at != nullptr && (at[4] == '0' || at[4] == '1') && g_ascii_isdigit(at[5]) == FALSE) {
      return true;
    }
  }
  return false;
}

void SetReason(GstRTSPMessage* answer, const char* reason) {
  g_free(answer->type_data.response.reason);
  answer->type_data.response.reason = g_strdup(reason);
}

/// A host for people to read: it comes from the camera and may hold anything.
std::string Readable(std::string host) {
  constexpr size_t kMostLetters = 253;  // of a name in DNS
  std::erase_if(host, [](char c) {
    return g_ascii_isalnum(c) == FALSE && c != '.' && c != ':' && c != '-' && c != '_';
  });
  return host.substr(0, kMostLetters);
}

}  // namespace

void RtspDialog::Register() {
  // rtspsrc looks for extensions once in the life of the process.
  static const gboolean registered = gst_element_register(
      nullptr, "roninrtsprules", GST_RANK_MARGINAL, ronin_rtsp_rules_get_type());
  (void)registered;
}

void RtspDialog::BeforeRequest(GstRTSPMessage* request) {
  t_dialog = weak_from_this();
  t_request = request;
  if (!challenge_ || challenge_->kind == PasswordChallenge::Kind::kBasic) return;
  constexpr guint kMost = 0xffffff;
  const auto& sent = request->type_data.request;
  const std::string value = DigestAnswer(
      *challenge_, gst_rtsp_method_as_text(sent.method), sent.uri, username_, password_,
      Concat(g_random_int_range(0, kMost), g_random_int_range(0, kMost)), ++nonce_uses_);
  gst_rtsp_message_remove_header(request, GST_RTSP_HDR_AUTHORIZATION, -1);
  gst_rtsp_message_add_header(request, GST_RTSP_HDR_AUTHORIZATION, value.c_str());
}

void RtspDialog::AfterAnswer(const GstRTSPMessage* request, GstRTSPMessage* answer) {
  facts_->answered = true;
  const int code = answer->type_data.response.code;
  if (code == GST_RTSP_STS_UNAUTHORIZED) {
    Unauthorized(answer);
    return;
  }
  refusals_ = 0;
  auto sent = PasswordUse::State::kSent;
  facts_->password->state.compare_exchange_strong(sent, PasswordUse::State::kAccepted);
  // rtspsrc would take it for a wrong password.
  if (code == GST_RTSP_STS_NOT_FOUND) {
    gst_rtsp_message_remove_header(answer, GST_RTSP_HDR_WWW_AUTHENTICATE, -1);
  }
  if (code >= 300 && code < 400) Redirected(request, answer);
  if (code != GST_RTSP_STS_OK) return;
  const GstRTSPMethod method = request->type_data.request.method;
  // Left out by some cameras, which then do as they were asked.
  if (method == GST_RTSP_SETUP && HeaderOf(answer, GST_RTSP_HDR_TRANSPORT).empty()) {
    gst_rtsp_message_add_header(answer, GST_RTSP_HDR_TRANSPORT,
                                HeaderOf(request, GST_RTSP_HDR_TRANSPORT).c_str());
  }
  if (method == GST_RTSP_PLAY && HasMadeUpSequence(answer)) {
    gst_rtsp_message_remove_header(answer, GST_RTSP_HDR_RTP_INFO, -1);
  }
  if (method == GST_RTSP_DESCRIBE) {
    // libstreaming (in many telephones) writes "192.168.1.57:8086/".
    const std::string base = HeaderOf(answer, GST_RTSP_HDR_CONTENT_BASE);
    base_ =
        base.empty() || base.find("://") != std::string::npos ? "" : request->type_data.request.uri;
  }
}

/// rtspsrc sends the same password up to eight times while it is asked for one, and cameras lock
/// the account. It does not ask again when the answer says no way of sending it.
void RtspDialog::Unauthorized(GstRTSPMessage* answer) {
  const auto asked = BestChallenge(answer);
  gst_rtsp_message_remove_header(answer, GST_RTSP_HDR_WWW_AUTHENTICATE, -1);
  ++refusals_;
  auto sent = PasswordUse::State::kSent;
  const bool again = asked && asked->stale && refusals_ <= 2;
  if (!again) {
    facts_->password->state.compare_exchange_strong(sent, PasswordUse::State::kRefused);
  }
  if (username_.empty()) {
    SetReason(answer, kNoPassword);
    return;
  }
  if (!asked) {
    SetReason(answer, kUnknownScheme);
    return;
  }
  // The first may be for want of a password, or of a nonce that is new; a second only for that.
  if (refusals_ > 1 && !again) return;
  challenge_ = asked;
  facts_->password->state = PasswordUse::State::kSent;  // with the request that follows
  nonce_uses_ = 0;
  // Digest without a nonce: rtspsrc goes on but adds nothing, since BeforeRequest() does.
  gst_rtsp_message_add_header(answer, GST_RTSP_HDR_WWW_AUTHENTICATE,
                              asked->kind == PasswordChallenge::Kind::kBasic
                                  ? "Basic realm=\"camera\""
                                  : "Digest by=\"ronin\"");
}

/// A camera must not turn the recorder against other machines. rtspsrc follows 301 and 302 wherever
/// they lead, and has connected before anybody is asked.
void RtspDialog::Redirected(const GstRTSPMessage* request, GstRTSPMessage* answer) {
  const auto from = ParseCameraUrl(request->type_data.request.uri);
  const auto to = ParseCameraUrl(HeaderOf(answer, GST_RTSP_HDR_LOCATION));
  const bool same = from && to && g_ascii_strcasecmp(from->host.c_str(), to->host.c_str()) == 0;
  const int code = answer->type_data.response.code;
  const bool followed =
      code == GST_RTSP_STS_MOVED_PERMANENTLY || code == GST_RTSP_STS_MOVE_TEMPORARILY;
  if (followed && same && ++redirects_ <= kMostRedirects) return;
  answer->type_data.response.code = GST_RTSP_STS_USE_PROXY;  // rtspsrc does not follow it
  SetReason(answer, to && !same ? Readable(to->host).c_str() : "");
}

}  // namespace ronin::camera
