// SPDX-License-Identifier: MIT
#include "recording/file_owners.h"

namespace ronin::recording {

void FileOwners::Add(const CameraRecord& camera) {
  by_uuid_[camera.uuid] = camera.id;
  by_folder_[camera.folder] = camera.id;
}

std::optional<int64_t> FileOwners::Find(const std::optional<Mp4Origin>& origin,
                                        const std::string& folder) const {
  // Folders have the names of cameras, and those are alike in many places: "Yard", "Door".
  const bool says = origin && !origin->camera_uuid.empty();
  const auto& from = says ? by_uuid_ : by_folder_;
  const auto found = from.find(says ? origin->camera_uuid : folder);
  return found != from.end() ? std::optional(found->second) : std::nullopt;
}

}  // namespace ronin::recording
