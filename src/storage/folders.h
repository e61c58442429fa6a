// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"

namespace ronin {

/// Creates `path` and the folders above it that are missing, for owner and group only (0750), and
/// makes each new entry durable. What exists stays as it is. May block; any thread.
/// Errors: kInvalidArgument when a part of it is no folder; what the disk brings.
Status MakeDirs(const std::string& path);

/// Waits until all of the file is on the disk. May block; any thread. Errors: what the disk brings.
Status SyncFile(const std::string& path);

/// Makes what was created, renamed or deleted in the folder durable. May block; any thread.
Status SyncFolder(const std::string& path);

}  // namespace ronin
