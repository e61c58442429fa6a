// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace ronin {

/// Where a segment lies below a volume's root: `{folder}/{YYYY-MM-DD}/{HH-MM-SS}.mp4` in UTC, with
/// `sub/` behind the folder for the sub stream, and `-2`, `-3`, … behind the time when the name was
/// taken. A value; any thread.
struct SegmentPath {
  std::string folder;  ///< the camera's, CameraRecord::folder
  bool sub = false;    ///< the sub stream
  WallTime start{};    ///< the path keeps whole seconds of it
  int copy = 1;        ///< 2 and more are written behind the time

  std::string ToString() const;

  /// The parts of a path that ToString() could have made; nothing for any other text.
  static std::optional<SegmentPath> Parse(std::string_view rel_path);

  bool operator==(const SegmentPath&) const = default;
};

/// `wanted` with the first `copy` whose file does not exist below `root`. Another process may still
/// create it first: open it with "must not exist". Looks at the disk: may block.
/// Errors: kConflict after 1000 tries.
Result<SegmentPath> FreeSegmentPath(const std::string& root, SegmentPath wanted);

}  // namespace ronin
