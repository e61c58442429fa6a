// SPDX-License-Identifier: MIT
#include "retention/delete_files.h"

#include <cerrno>
#include <set>
#include <string_view>

#include <unistd.h>

#include "base/text.h"
#include "storage/folders.h"
#include "storage/segment_path.h"

namespace ronin::retention {
namespace {

std::string ParentOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

/// Makes the deletions in the folder durable; one that is gone has nothing to sync.
Status SyncIfThere(const std::string& folder) {
  auto synced = SyncFolder(folder);
  if (!synced && synced.error().kind == ErrorKind::kNotFound) return {};
  return synced;
}

/// From the folder of a day up to that of the camera, as far as they are empty.
void RemoveEmptyFolders(const std::string& root, std::string folder) {
  for (; folder.size() > root.size(); folder = ParentOf(folder)) {
    if (rmdir(folder.c_str()) != 0) return;
  }
}

}  // namespace

Result<DeletedFiles> DeleteFiles(const Volume& volume, const std::vector<DoomedFile>& files) {
  // On an empty mount point every file would seem to be gone.
  if (auto there = volume.CheckThere(); !there) return Fail(std::move(there.error()));
  DeletedFiles out;
  std::set<std::string> folders;
  for (const DoomedFile& file : files) {
    if (!SegmentPath::Parse(file.rel_path)) continue;
    const std::string path = volume.PathOf(file.rel_path);
    if (unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
      const int number = errno;
      Error error = ErrorFromErrno(number, Concat("cannot delete ", path));
      if (number == EROFS) return Fail(std::move(error));
      if (out.stuck.empty()) out.why = error.Text();
      out.stuck.push_back(file.segment_id);
      continue;
    }
    out.gone.push_back(file.segment_id);
    folders.insert(ParentOf(path));
  }
  for (const std::string& folder : folders) {
    if (auto synced = SyncIfThere(folder); !synced) return Fail(std::move(synced.error()));
  }
  for (const std::string& folder : folders) RemoveEmptyFolders(volume.root(), folder);
  return out;
}

}  // namespace ronin::retention
