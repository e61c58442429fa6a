// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace ronin {

/// A folder for recordings that was used once, wherever its disk is now.
struct VolumeRecord {
  int64_t id = 0;
  std::string uuid;  ///< as in its identity file
  std::string path;  ///< absolute; where it was seen last
  bool operator==(const VolumeRecord&) const = default;
};

/// The disks that were ever recorded to. It is kept with the configuration, not with the catalog,
/// so that an empty mount point is not taken for a new disk after the catalog was lost.
///
/// Thread-bound, like CameraStore.
class VolumeStore {
 public:
  virtual ~VolumeStore() = default;

  /// All of them, in the order of their ids.
  virtual Result<std::vector<VolumeRecord>> List() = 0;

  /// Keeps that the volume `uuid` was seen at `path`, and returns its id. What was at that path
  /// before stays known. Errors: kInvalidArgument for a path that is not absolute.
  virtual Result<int64_t> Seen(const std::string& uuid, const std::string& path, WallTime now) = 0;
};

}  // namespace ronin
