// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ronin {

struct FreeSpace {
  uint64_t free_bytes = 0;   ///< what this process may still write
  uint64_t total_bytes = 0;  ///< the size of the file system
};

/// A folder that holds recordings. A value; any thread. Its methods ask the disk: they may block.
class Volume {
 public:
  /// @param root  absolute path; need not exist yet
  explicit Volume(std::string root);

  const std::string& root() const { return root_; }
  std::string PathOf(std::string_view rel_path) const;

  /// Whether recordings can be written: it exists, is a folder, and a file can be created in it.
  /// Errors, each a sentence with the path in it: kNotFound, kInvalidArgument (not a folder),
  /// kPermission (also read-only), kNoSpace, kUnavailable.
  Status Check() const;

  /// Check(), and room for more than a moment of recording: 16 MiB, or a twentieth of a small
  /// volume. Errors: as Check().
  Status CheckRoom() const;

  Result<FreeSpace> Space() const;

 private:
  std::string root_;
};

}  // namespace ronin
