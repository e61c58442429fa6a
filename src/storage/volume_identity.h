// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace ronin {

/// At the root of each folder for recordings: says which disk it is.
constexpr const char* kVolumeIdentityFile = ".ronin-volume";
/// Made by people, empty: what is mounted here shall be used from now on, as a new disk.
constexpr const char* kNewVolumeFile = ".ronin-new-volume";

struct VolumeIdentity {
  std::string uuid;  ///< lower case
  WallTime created{};
  bool operator==(const VolumeIdentity&) const = default;
};

/// What the identity file of the folder `root` says; nothing when there is none, or an empty one,
/// which a power cut left. Symbolic links are not followed. May block; any thread.
/// Errors: kCorrupt for a file that is not ours; what the disk brings.
Result<std::optional<VolumeIdentity>> ReadVolumeIdentity(const std::string& root);

/// Gives the folder `root` a new identity, durably. May block; any thread.
/// Errors: kConflict when it has one; what the disk brings.
Result<VolumeIdentity> CreateVolumeIdentity(const std::string& root, WallTime now);

/// Takes a damaged identity away, when people have asked for a new one. May block; any thread.
void RemoveVolumeIdentity(const std::string& root);

}  // namespace ronin
