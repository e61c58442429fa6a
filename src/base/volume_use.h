// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ronin {

enum class VolumeRole {
  kRecording,  ///< cameras record to it
  kArchive,    ///< takes older files from the recording volumes; recorded to when all others fail
};

/// "recording" or "archive".
inline std::string_view ToString(VolumeRole role) {
  return role == VolumeRole::kArchive ? "archive" : "recording";
}

inline std::optional<VolumeRole> ParseVolumeRole(std::string_view text) {
  for (const VolumeRole role : {VolumeRole::kRecording, VolumeRole::kArchive}) {
    if (text == ToString(role)) return role;
  }
  return std::nullopt;
}

/// What people want of a volume. A value; any thread.
struct VolumeUse {
  int weight = 1;  ///< its share of the cameras, 0 to 100; 0: nothing new, but what is assigned
  VolumeRole role = VolumeRole::kRecording;
  /// Of an archive: it takes files that began longer ago. Nothing: none. At most 36500.
  std::optional<int64_t> move_after_days = {};
  bool operator==(const VolumeUse&) const = default;
};

}  // namespace ronin
