// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/volume.h"

namespace ronin::retention {

/// A recording that is to go. A value.
struct DoomedFile {
  int64_t segment_id = 0;
  std::string rel_path;
};

/// What came of it.
struct DeletedFiles {
  std::vector<int64_t> gone;   ///< segments whose files are gone for good, or were not there
  std::vector<int64_t> stuck;  ///< those whose files cannot be deleted: they are immutable, say
  std::string why;             ///< of the first of those
};

/// Unlinks the recordings on the volume, brings that to the disk, and removes folders that are
/// empty then. One that cannot be deleted holds up no other. Anything that is not named like a
/// recording stays. Blocks; any thread.
/// Errors: what the disk brings, also when it is read-only or not the right one; then nothing
/// counts as gone.
Result<DeletedFiles> DeleteFiles(const Volume& volume, const std::vector<DoomedFile>& files);

}  // namespace ronin::retention
