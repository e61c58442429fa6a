// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace ronin {

/// Keeps a folder for this process alone, for as long as it lives; the system gives it back when
/// the process ends, however it ends. Move-only value; any thread.
class FolderLock {
 public:
  /// Takes the lock file in `folder`, which must exist; does not wait.
  /// Errors: kConflict when another process has it; what the disk brings.
  static Result<FolderLock> Take(const std::string& folder);

  /// Whether another process has it now; changes nothing.
  static bool IsTaken(const std::string& folder);

 private:
  explicit FolderLock(UniqueFd file) : file_(std::move(file)) {}
  UniqueFd file_;
};

}  // namespace ronin
