// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace ronin {

/// How fast a file is copied. Its functions are called on the copying thread.
struct CopyPace {
  std::function<bool()> cancelled;  ///< give up
  std::function<bool()> wait;       ///< others need the disk: stand still
  uint64_t bytes_per_s = 0;         ///< at most; 0: half of the time, whatever that brings
};

/// Copies the file `from` to `to` (one that is there is overwritten), brings it to the disk, and
/// leaves nothing of either in the page cache. Gives the copy's size. Blocks; any thread.
/// Errors: kUnavailable when cancelled; kCorrupt when `from` has changed meanwhile; what the disks
/// bring. What there is of `to` then stays.
Result<uint64_t> CopyFile(const std::string& from, const std::string& to, const CopyPace& pace);

/// Gives a file another name in its folder, durably. Errors: kConflict when that name is taken;
/// what the disk brings. May block; any thread.
Status RenameNew(const std::string& from, const std::string& to);

}  // namespace ronin
