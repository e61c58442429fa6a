// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/json.h"
#include "config/camera_record.h"
#include "http/response.h"
#include "retention/limits.h"

namespace ronin::api {

/// What a PUT of the policy says, or a preview of it. A value; any thread.
struct PolicyFields {
  /// Which field of Limits gets which value; those that are not named stay.
  std::vector<std::pair<std::optional<int64_t> retention::Limits::*, std::optional<int64_t>>>
      general;
  /// The same of one camera.
  struct Camera {
    int64_t id = 0;
    std::vector<std::pair<std::optional<int64_t> CameraRecord::*, std::optional<int64_t>>> fields;
  };
  std::vector<Camera> cameras;
  std::vector<http::FieldError> errors;  ///< every bad field

  /// Errors: kInvalidArgument when the fields are good, but do not go together.
  Status ApplyTo(retention::Limits* limits) const;
};

/// Reads the body of a request. What an answer has besides is accepted and ignored.
/// @param cameras  whether "cameras" may be there
PolicyFields ReadPolicyFields(const JsonValue& body, bool cameras);

}  // namespace ronin::api
