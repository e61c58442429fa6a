// SPDX-License-Identifier: MIT
#include "app/data_folder.h"

#include "storage/folders.h"

namespace ronin::app {

Result<FolderLock> TakeDataFolder(const Settings& settings) {
  if (auto made = MakeDirs(settings.data_dir); !made) {
    return tl::unexpected(made.error().In("the data folder cannot be made"));
  }
  auto lock = FolderLock::Take(settings.data_dir);
  if (!lock) return lock;
  // Only the default storage is made: one that was named belongs to a disk, which may be away.
  for (const std::string& root : settings.storage) {
    if (root != settings.data_dir + "/recordings") continue;
    if (auto made = MakeDirs(root); !made) {
      return tl::unexpected(made.error().In("the folder for recordings cannot be made"));
    }
  }
  return lock;
}

}  // namespace ronin::app
