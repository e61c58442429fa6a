// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/volume_use.h"
#include "storage/volume.h"

namespace ronin {

enum class VolumeState {
  kChecking,  ///< not looked at yet
  kOk,        ///< can be recorded to
  kFull,
  kReadOnly,
  kMissing,  ///< the folder is away, or it is not the disk that belongs there
  kError,    ///< the disk fails, or does not answer
};

/// "ok", "full", "read_only", "missing" or "error", as GET /api/storage/stats names them.
std::string_view ToString(VolumeState state);

/// A disk that was recorded to before, and where it was then.
struct KnownVolume {
  std::string uuid;
  std::string path;
  VolumeUse use = {};  ///< what people want of it
};

struct VolumeQuestion {
  std::string root;
  std::vector<KnownVolume> known;
  bool thorough = true;  ///< also write something; else only look
  bool sync = false;     ///< also bring it to the disk
};

struct VolumeCondition {
  VolumeState state = VolumeState::kChecking;
  std::string sentence;  ///< what people can do; empty when it is ok
  std::string cause;     ///< for the log
  std::string uuid;      ///< of the disk that is there; empty: none that is known
  uint64_t device = 0;   ///< changes when something else is mounted there
  FreeSpace space;
  bool operator==(const VolumeCondition&) const = default;
};

/// Looks whether the folder can be recorded to, and which disk it is. A folder that was never used
/// before gets an identity; one that was and has none, or has that of a stranger, is refused: it is
/// the empty place of a disk that is not mounted, or the wrong disk. May block; any thread.
VolumeCondition ProbeVolume(const VolumeQuestion& question, WallTime now);

/// What people can do about a failure to write to the volume at `root`.
VolumeCondition ConditionOf(const Error& error, const std::string& root);

}  // namespace ronin
