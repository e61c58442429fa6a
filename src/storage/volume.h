// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

struct statvfs;

namespace ronin {

struct FreeSpace {
  uint64_t free_bytes = 0;   ///< what this process may still write
  uint64_t total_bytes = 0;  ///< the size of the file system
  uint64_t free_files = 0;   ///< how many files can still be made in it
  uint64_t total_files = 0;  ///< how many there can be; 0: it has no such limit
  bool operator==(const FreeSpace&) const = default;
};

/// As the system tells it.
FreeSpace SpaceOf(const struct statvfs& system);

/// A folder that holds recordings. A value; any thread. Its methods ask the disk: they may block.
class Volume {
 public:
  /// @param root  absolute path; need not exist yet
  /// @param uuid  of the disk that must be there, as its identity file says; empty: any
  explicit Volume(std::string root, std::string uuid = {});

  const std::string& root() const { return root_; }
  const std::string& uuid() const { return uuid_; }
  std::string PathOf(std::string_view rel_path) const;

  /// Whether recordings can be written: it exists, is a folder, the right disk is there, and a file
  /// can be created in it. Errors, each a sentence with the path in it: kNotFound (also when
  /// another disk is there), kInvalidArgument (not a folder), kPermission (also read-only),
  /// kNoSpace, kUnavailable.
  Status Check() const;

  /// Check(), and room for more than a moment of recording: 16 MiB, or a twentieth of a small
  /// volume. Errors: as Check().
  Status CheckRoom() const;

  /// Whether the disk that must be there is. Errors: kNotFound; what the disk brings.
  Status CheckIdentity() const;

  /// The same for files that were recorded: what was away when somebody looked last has no `uuid`,
  /// and an empty folder in its place is not it. Errors: as CheckIdentity().
  Status CheckThere() const;

  Result<FreeSpace> Space() const;

 private:
  std::string root_;
  std::string uuid_;
};

}  // namespace ronin
