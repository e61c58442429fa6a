// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "camera/tls_certificate.h"
#include "config/camera_record.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// Why a camera does not work: a code of the API ("unauthorized", "refused", …) and a sentence that
/// says what to do. Never holds a password.
struct CameraError {
  std::string code;
  std::string message;
  WallTime at{};
  bool by_camera = false;  ///< it was reached, and ended the connection itself
  std::optional<TlsCertificate> certificate = {};  ///< with code "tls": the one that was refused
};

/// What an error message of a pipeline means; code "unreachable" when the connection itself failed,
/// which ReachabilityProbe then tells apart.
CameraError ErrorFromMessage(GstMessage* message, WallTime now);

/// A sentence of an error for what does not try again, so that it does not say so.
std::string WithoutRetry(std::string sentence);

/// Code "tls": `certificate` was refused.
/// @param pinned  another one is accepted from this camera
CameraError DistrustedCertificate(TlsCertificate certificate, bool pinned, WallTime now);

/// Code "tls": something answers at an address with rtsps, but not with TLS.
CameraError NotTls(WallTime now);

/// For a camera with `unreadable` fields: there is nothing to connect with until they are entered
/// anew.
CameraError DamagedCredentials(const CameraRecord& record, WallTime now);

}  // namespace ronin::camera
