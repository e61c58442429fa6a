// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/volume_use.h"

namespace ronin {

/// A folder for recordings that was used once, wherever its disk is now.
struct VolumeRecord {
  int64_t id = 0;
  std::string uuid;  ///< as in its identity file
  std::string path;  ///< absolute; where it was seen last
  VolumeUse use = {};
  bool added = false;  ///< people added it; else the configuration names it, or did once
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
  /// before stays known; a new one is used as that was.
  /// Errors: kInvalidArgument for a path that is not absolute.
  virtual Result<int64_t> Seen(const std::string& uuid, const std::string& path, WallTime now) = 0;

  /// Errors: kNotFound, kInvalidArgument.
  virtual Status SetUse(const std::string& uuid, const VolumeUse& use) = 0;

  /// Whether what is at `path` is used although the configuration does not name it.
  virtual Status SetAdded(const std::string& path, bool added) = 0;
};

}  // namespace ronin
