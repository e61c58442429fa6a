// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "config/camera_record.h"
#include "storage/mp4_scan.h"

namespace ronin::recording {

/// Which camera a file belongs to. A value; any thread.
class FileOwners {
 public:
  void Add(const CameraRecord& camera);

  /// The camera that the file itself names; of a file that names none, the one whose folder it lies
  /// in. Nothing: none of ours, such as one of another recorder whose disk or folder came here.
  std::optional<int64_t> Find(const std::optional<Mp4Origin>& origin,
                              const std::string& folder) const;

  bool KnowFolder(const std::string& folder) const { return by_folder_.contains(folder); }
  /// Camera id by folder.
  const std::map<std::string, int64_t>& folders() const { return by_folder_; }

 private:
  std::map<std::string, int64_t> by_uuid_;
  std::map<std::string, int64_t> by_folder_;
};

}  // namespace ronin::recording
