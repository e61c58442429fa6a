// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"
#include "storage/folder_lock.h"

namespace ronin::app {

/// Makes the data folder, and the one for recordings inside it; while the lock lives they belong to
/// this recorder: two on one catalog would destroy it. Blocks on the disk.
/// Errors: kConflict, another recorder runs on it; they cannot be made.
Result<FolderLock> TakeDataFolder(const Settings& settings);

}  // namespace ronin::app
