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

/// Unlinks the recordings on the volume, brings that to the disk, and removes folders that are
/// empty then. Gives the segments whose files are gone for good, those that were not there
/// included. Anything that is not named like a recording stays. Blocks; any thread.
/// Errors: what the disk brings, also when it is not the right one; then nothing counts as gone.
Result<std::vector<int64_t>> DeleteFiles(const Volume& volume,
                                         const std::vector<DoomedFile>& files);

}  // namespace ronin::retention
