// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/volume_use.h"
#include "http/response.h"

namespace ronin::api {

/// What a POST or PATCH of a volume says.
struct VolumeFields {
  std::string path;  ///< absolute, without "//" and such; empty: not named
  VolumeUse use;
  std::vector<http::FieldError> errors;  ///< every bad field
};

/// Reads a new volume, or changes one. Fields that the API only writes are accepted and ignored;
/// others that it does not know are errors. Pure; any thread.
/// @param base  how the volume is used now: what the body does not name stays
/// @param path  of the volume that is changed; empty: a new one, whose path must be named
VolumeFields ReadVolumeFields(const JsonValue& body, const VolumeUse& base,
                              const std::string& path = {});

}  // namespace ronin::api
