// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"

namespace ronin {

/// Encrypts the credentials in the database file at `path` (config.db) with a new master key, which
/// takes the place of the old one. Whoever calls it has locked the data folder: no recorder runs.
/// A crash at any moment leaves a key that fits. Blocks.
/// Errors: as OpenCameraStore; kUnsupported when the key is given by the system.
Status RotateMasterKey(const std::string& path);

}  // namespace ronin
