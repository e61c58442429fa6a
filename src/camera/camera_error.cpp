// SPDX-License-Identifier: MIT
#include "camera/camera_error.h"

#include "base/redact.h"
#include "base/text.h"
#include "gst/element.h"

namespace ronin::camera {
namespace {

bool Has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct RtspAnswer {
  guint status = 0;  // 0: the error is not an answer of the camera
  std::string reason;
};

/// rtspsrc adds the camera's refusal to its errors as details.
RtspAnswer AnswerIn(GstMessage* message) {
  const GstStructure* details = nullptr;
  gst_message_parse_error_details(message, &details);
  RtspAnswer out;
  if (details == nullptr || !gst_structure_get_uint(details, "rtsp-status-code", &out.status)) {
    return out;
  }
  const char* reason = gst_structure_get_string(details, "rtsp-status-reason");
  if (reason != nullptr) out.reason = Redact(reason);
  return out;
}

}  // namespace

CameraError ErrorFromMessage(GstMessage* message, WallTime now) {
  GErrorPtr error;
  GCharPtr debug;
  gst_message_parse_error(message, Out(error), Out(debug));
  const std::string text = gst::ErrorText(message);
  const RtspAnswer answer = AnswerIn(message);
  const auto is = [&](GQuark domain, int code) {
    return g_error_matches(error.get(), domain, code) != FALSE;
  };
  if (is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED)) {
    return {"unauthorized", "The camera refused the user name or password (401); check both.", now};
  }
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
  if (Has(text, "Failed to connect") || Has(text, "Could not connect")) {
    return {"unreachable", "The camera cannot be reached; check its address and cable.", now};
  }
  if (is(GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND) ||
      is(GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE)) {
    return {"unsupported_codec", error->message, now};
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

}  // namespace ronin::camera
