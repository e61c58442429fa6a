// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "base/json.h"
#include "config/camera_record.h"
#include "http/response.h"

namespace ronin::api {

/// What a POST of a camera says.
struct CameraFields {
  CameraRecord record;
  std::vector<http::FieldError> errors;  ///< every bad field; empty when `record` may be stored
};

/// Reads a new camera. Fields that the API only writes are accepted and ignored; others that it
/// does not know are errors. Credentials in the URL are moved into their fields.
/// @param allow_loopback  cameras on this machine are allowed (demo, tests)
CameraFields ReadCameraFields(const JsonValue& body, bool allow_loopback);

}  // namespace ronin::api
