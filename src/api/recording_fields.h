// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "base/json.h"
#include "http/response.h"

namespace ronin::api {

/// What a PATCH of a recording says.
struct RecordingFields {
  std::optional<bool> is_protected;      ///< nothing: as it is
  std::vector<http::FieldError> errors;  ///< every bad field
};

/// Fields that the API only writes are accepted and ignored; others that it does not know are
/// errors. Pure; any thread.
RecordingFields ReadRecordingFields(const JsonValue& body);

}  // namespace ronin::api
