// SPDX-License-Identifier: MIT
#include "recording/file_naming.h"

#include <utility>

#include "storage/folders.h"
#include "storage/segment_path.h"

namespace ronin::recording {

void FileNaming::SetVolume(Volume volume) {
  std::lock_guard lock(mutex_);
  volume_ = std::move(volume);
}

Result<std::string> FileNaming::Name(WallTime start) {
  std::unique_lock lock(mutex_);
  const Volume volume = volume_;
  lock.unlock();
  // The volume's own folder is never made here: if it is gone, so is the disk.
  if (auto there = volume.CheckRoom(); !there) return tl::unexpected(there.error());
  const bool sub = stream_ == StreamKind::kSub;
  auto path = FreeSegmentPath(volume.root(), {.folder = folder_, .sub = sub, .start = start});
  if (!path) return tl::unexpected(path.error());
  const std::string full = volume.PathOf(path->ToString());
  if (auto made = MakeDirs(full.substr(0, full.rfind('/'))); !made) {
    return tl::unexpected(made.error());
  }
  lock.lock();
  named_.insert_or_assign(full, Named{volume, open_paths_.Open(full)});
  return full;
}

FileNaming::Named FileNaming::Take(const std::string& path) {
  std::lock_guard lock(mutex_);
  const auto node = named_.extract(path);
  if (!node.empty()) return node.mapped();
  return {volume_, open_paths_.Open(path)};
}

}  // namespace ronin::recording
