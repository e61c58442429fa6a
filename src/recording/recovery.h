// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "storage/volume.h"

namespace ronin::recording {

/// What recovery did, for the log.
struct RecoveryReport {
  int repaired = 0;  ///< files that were open when the recorder ended
  int adopted = 0;   ///< files of ours without a row
  int missing = 0;   ///< rows without a file
  int empty = 0;     ///< rows of files that had not a single whole fragment
};

/// Makes the catalog say what is on the volume, after a crash or after somebody moved files.
/// Repeats harmlessly. Deletes no file; cuts torn ends off files that were open.
///
/// @param folders  camera id by folder: only files in these are adopted
/// @param before   files begun at or after this are being written now, and left alone
/// Errors: kUnavailable and such, of the catalog; a file that cannot be read is logged and skipped.
/// Thread: the catalog's; blocks, so run it before cameras start.
Result<RecoveryReport> Recover(Catalog& catalog, const Volume& volume, int64_t volume_id,
                               const std::map<std::string, int64_t>& folders, WallTime before);

}  // namespace ronin::recording
