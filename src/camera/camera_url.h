// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ronin::camera {

/// An RTSP address taken apart. Credentials are moved out of it, so that `url` may be shown.
struct CameraUrl {
  std::string url;  ///< without user and password
  std::string username;
  std::string password;
  std::string host;  ///< without brackets
  uint16_t port = 554;
};

/// Reads `rtsp://` and `rtsps://` addresses. Strict: no spaces, control characters (also escaped),
/// fragments, or IPv6 zones. User and password are decoded; path and query stay as they are, with
/// what is not ASCII escaped; a name in another alphabet becomes its ASCII form.
/// Errors: kInvalidArgument with a sentence for the form's field. Pure; any thread.
Result<CameraUrl> ParseCameraUrl(std::string_view text);

/// True for 127.0.0.0/8, ::1, "localhost" and the addresses that mean "this machine". A camera
/// there would make the recorder talk to its own services, so it is refused unless it is allowed.
bool IsLoopback(const std::string& host);

}  // namespace ronin::camera
