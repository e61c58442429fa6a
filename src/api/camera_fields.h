// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "config/camera_record.h"
#include "http/request.h"
#include "http/response.h"

namespace ronin::api {

/// What a POST, PUT or PATCH of a camera says.
struct CameraFields {
  CameraRecord record;
  std::vector<http::FieldError> errors;  ///< every bad field; empty when `record` may be stored
};

/// The JSON object in the request's body. Errors: kInvalidArgument or as JsonValue::Parse, each
/// with a sentence for who sent it.
Result<JsonValue> ObjectOf(const http::Request& request);

/// Reads a new camera, or changes one. Fields that the API only writes are accepted and ignored;
/// others that it does not know are errors. Credentials in the URL are moved into their fields, and
/// secrets that an answer hid in a URL are taken from `base`.
/// @param allow_loopback  cameras on this machine are allowed (demo, tests)
/// @param base            the camera that is changed: what the body does not name stays, and null
///                        sets a field back; nullptr: a new camera
/// @param volumes         uuids of those that it can be assigned to, by id; nullptr: volume_id is
///                        ignored, because the camera is not stored, or comes from another recorder
/// Any thread.
CameraFields ReadCameraFields(const JsonValue& body, bool allow_loopback,
                              const CameraRecord* base = nullptr,
                              const std::map<int64_t, std::string>* volumes = nullptr);

}  // namespace ronin::api
