// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/segment_path.h"

namespace ronin {

/// A file that is named like a recording.
struct SegmentFile {
  std::string rel_path;  ///< below the volume's root
  SegmentPath named;     ///< what the path says
  uint64_t size_bytes = 0;
};

/// Which names are looked for in a folder: nothing else is opened.
using FolderNames = std::vector<std::string>;

/// The folders directly in `path`, ascending, without those that begin with a dot. Symbolic links
/// are not followed. May block; any thread. Errors: what the disk brings; kNotFound.
Result<FolderNames> ListFolders(const std::string& path);

/// The folders of days, such as "Yard/2026-11-27" and "Yard/sub/2026-11-27", of the camera folder
/// `folder` on the volume, ascending. May block; any thread. Errors: what the disk brings.
Result<FolderNames> ListDays(const std::string& root, const std::string& folder);

/// The regular files in `day` (from ListDays) that are named like recordings, ascending by path. A
/// day that is not there has none. May block; any thread. Errors: what the disk brings.
Result<std::vector<SegmentFile>> ListSegmentFiles(const std::string& root, const std::string& day);

}  // namespace ronin
