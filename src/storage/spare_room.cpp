// SPDX-License-Identifier: MIT
#include "storage/spare_room.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unique_fd.h"

namespace ronin {

Status SpareRoom::Keep() const {
  constexpr uint64_t kEnough = 16 << 20;  // rows and marks of many thousands of recordings
  struct stat info = {};
  if (lstat(path_.c_str(), &info) == 0 && info.st_size > 0) return {};
  const UniqueFd file(
      open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!file) return Fail(ErrorFromErrno(errno, Concat("cannot make \"", path_, "\"")));
  struct statvfs disk = {};
  if (fstatvfs(file.Get(), &disk) != 0) {
    return Fail(ErrorFromErrno(errno, Concat("cannot measure the disk of \"", path_, "\"")));
  }
  const uint64_t size = std::min(kEnough, uint64_t(disk.f_blocks) * disk.f_frsize / 64);
  if (uint64_t(disk.f_bavail) * disk.f_frsize < size * 4) return {};
  const int failed = posix_fallocate(file.Get(), 0, off_t(size));
  if (failed == 0) return {};
  std::ignore = ftruncate(file.Get(), 0);
  return Fail(ErrorFromErrno(failed, Concat("cannot keep room in \"", path_, "\"")));
}

bool SpareRoom::GiveUp() const {
  struct stat info = {};
  const bool has = lstat(path_.c_str(), &info) == 0 && info.st_size > 0;
  return has && unlink(path_.c_str()) == 0;
}

}  // namespace ronin
