// SPDX-License-Identifier: MIT
#include "storage/folder_lock.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

#include "base/text.h"

namespace ronin {

Result<FolderLock> FolderLock::Take(const std::string& folder) {
  const std::string path = folder + "/.lock";
  UniqueFd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!file) return Fail(ErrorFromErrno(errno, Concat("cannot open \"", path, "\"")));
  if (flock(file.Get(), LOCK_EX | LOCK_NB) == 0) return FolderLock(std::move(file));
  if (errno == EWOULDBLOCK) {
    return Fail(ErrorKind::kConflict,
                Concat("another recorder is running with the data folder \"", folder,
                       "\"; stop it first, or give this one a folder of its own with --data-dir"));
  }
  return Fail(ErrorFromErrno(errno, Concat("cannot lock \"", path, "\"")));
}

bool FolderLock::IsTaken(const std::string& folder) {
  const std::string path = folder + "/.lock";
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file && flock(file.Get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace ronin
