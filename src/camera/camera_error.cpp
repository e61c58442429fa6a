// SPDX-License-Identifier: MIT
#include "camera/camera_error.h"

#include <cstdio>

#include "base/redact.h"
#include "base/text.h"
#include "camera/rtsp_dialog.h"
#include "gst/element.h"

namespace ronin::camera {
namespace {

bool Has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct RtspAnswer {
  guint status = 0;  // 0: the error is not an answer of the camera
  std::string reason;
};

/// rtspsrc writes an answer to SETUP as text: "Error (453): Not Enough Bandwidth".
RtspAnswer SetupAnswerIn(const std::string& text) {
  RtspAnswer out;
  char reason[64] = {};
  const size_t at = text.find("\nError (");
  if (at == std::string::npos ||
      std::sscanf(text.c_str() + at, "\nError (%u): %63[^)]", &out.status, reason) != 2) {
    return {};
  }
  if (out.status >= 400) out.reason = reason;  // else a host, see RtspDialog
  return out;
}

/// It adds other answers to its errors as details.
RtspAnswer AnswerIn(GstMessage* message, const std::string& text) {
  RtspAnswer out = SetupAnswerIn(text);
  const GstStructure* details = nullptr;
  gst_message_parse_error_details(message, &details);
  if (out.status != 0 || details == nullptr ||
      !gst_structure_get_uint(details, "rtsp-status-code", &out.status)) {
    return out;
  }
  const char* reason = gst_structure_get_string(details, "rtsp-status-reason");
  if (reason != nullptr) out.reason = Redact(reason);
  return out;
}

CameraError Unauthorized(const std::string& reason, WallTime now) {
  if (reason == RtspDialog::kNoPassword) {
    return {"unauthorized", "The camera wants a user name and a password (401); enter both.", now};
  }
  if (reason == RtspDialog::kUnknownScheme) {
    return {"unauthorized",
            "The camera asks for the password in a way that is not known here (401); allow Digest "
            "with MD5 or SHA-256 in the camera.",
            now};
  }
  return {"unauthorized", "The camera refused the user name or password (401); check both.", now};
}

CameraError Redirected(const std::string& host, WallTime now) {
  if (host.empty()) {
    return {"redirected",
            "The camera sends viewers on without end, or to nowhere; check the end of the URL.",
            now};
  }
  return {"redirected",
          Concat("The camera sends viewers on to another host, ", host,
                 ", which is not followed; if that is the camera, enter its address."),
          now};
}

}  // namespace

CameraError ErrorFromMessage(GstMessage* message, WallTime now) {
  GErrorPtr error;
  GCharPtr debug;
  gst_message_parse_error(message, Out(error), Out(debug));
  const std::string text = gst::ErrorText(message);
  const RtspAnswer answer = AnswerIn(message, debug ? debug.get() : "");
  const auto is = [&](GQuark domain, int code) {
    return g_error_matches(error.get(), domain, code) != FALSE;
  };
  if (is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED) || answer.status == 401) {
    return Unauthorized(answer.reason, now);
  }
  if (answer.status >= 300 && answer.status < 400) return Redirected(answer.reason, now);
  if (answer.status == 403) {
    return {"forbidden", "The camera does not allow this user to see the stream (403).", now};
  }
  if (is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND) || answer.status == 404) {
    return {"not_found", "The camera has no stream at this path (404); check the end of the URL.",
            now};
  }
  if (answer.status == 453 || answer.status == 503) {
    return {"busy", "The camera has no free connection (too many viewers); trying again.", now};
  }
  if (answer.status != 0) {
    return {"server_error",
            Concat("The camera answered with error ", answer.status, " (", answer.reason,
                   "); if that stays so, restart the camera."),
            now};
  }
  // SETUP was refused for each way of transport that was asked for.
  if (Has(text, "no protocols left") || Has(text, "more transport protocols")) {
    return {"server_error",
            "The camera refuses to send its stream this way; choose another transport (TCP, UDP).",
            now};
  }
  if (Has(text, "Failed to connect") || Has(text, "Could not connect")) {
    return {"unreachable", "The camera cannot be reached; check its address and cable.", now};
  }
  if (is(GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND) ||
      is(GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE)) {
    return {"unsupported_codec", error->message, now};
  }
  // Our own: what an element of the stream finds undecodable comes from that element.
  if (GST_IS_PIPELINE(GST_MESSAGE_SRC(message))) {
    if (is(GST_STREAM_ERROR, GST_STREAM_ERROR_DEMUX)) return {"stalled", error->message, now, true};
    if (is(GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE)) return {"not_rtsp", error->message, now};
  }
  if (is(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT)) {
    return {"unsupported_codec",
            "The camera sends other video than it describes; set its codec anew, or restart it.",
            now};
  }
  if (is(GST_STREAM_ERROR, GST_STREAM_ERROR_TYPE_NOT_FOUND)) {
    return {"no_video", error->message, now};
  }
  if (Has(text, "Timeout while waiting")) {
    return {"timeout",
            "The camera takes the connection but does not answer; it may be starting, or "
            "overloaded. Connecting again.",
            now};
  }
  if (Has(text, "Parse error")) {
    return {"not_rtsp",
            "Something answers, but not as an RTSP camera; check the port, or restart the camera.",
            now};
  }
  if (Has(text, "SDP") || Has(text, "sdp")) {
    return {"bad_sdp", "The camera's description of its stream cannot be read.", now};
  }
  if (is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ) || Has(text, "Could not receive message") ||
      Has(text, "End-of-file") || is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE)) {
    return {"unreachable", "The camera closed the connection; connecting again.", now, true};
  }
  return {"server_error", "The stream failed: " + text, now};
}

std::string WithoutRetry(std::string sentence) {
  for (const std::string_view end :
       {"; trying again.", "; connecting again.", " Trying again.", " Connecting again."}) {
    if (!sentence.ends_with(end)) continue;
    sentence.resize(sentence.size() - end.size());
    if (!sentence.ends_with('.')) sentence += '.';
  }
  return sentence;
}

CameraError DistrustedCertificate(TlsCertificate certificate, bool pinned, WallTime now) {
  std::string sentence =
      pinned
          ? "The camera's certificate has changed: it is not the one that is trusted for this "
            "camera. If it was renewed, or the camera reset or replaced, compare the fingerprint "
            "with the camera's and trust the new one; if not, somebody may stand between."
          : Concat("The camera's certificate is not one that this machine trusts (",
                   certificate.reason,
                   "); compare its fingerprint with the camera's and trust it, or give the "
                   "camera a certificate that is known here.");
  return {.code = "tls",
          .message = std::move(sentence),
          .at = now,
          .certificate = std::move(certificate)};
}

CameraError NotTls(WallTime now) {
  return {"tls", "Something answers, but not with TLS; check the port, or use rtsp://.", now};
}

CameraError DamagedCredentials(const CameraRecord& record, WallTime now) {
  std::string fields;
  for (const std::string& field : record.unreadable) {
    fields += (fields.empty() ? "" : ", ") + field;
  }
  return {
      "credentials",
      Concat("What is stored of this camera is damaged and cannot be decrypted; enter it again: ",
             fields, "."),
      now};
}

}  // namespace ronin::camera
