// SPDX-License-Identifier: MIT
#include "storage/volume.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unique_fd.h"
#include "storage/volume_identity.h"

namespace ronin {
namespace {

constexpr const char* kProbe = "/.ronin-write-test";

std::string NotThere(const std::string& root) {
  return Concat("the disk that belongs at \"", root, "\" is not there");
}

// Asking for rights is not enough: root has them all, and a full or read-only disk has them too.
Status TryToWrite(const std::string& root) {
  const std::string probe = root + kProbe;
  const UniqueFd file(open(probe.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) {
    const int number = errno;
    return Fail(ErrorFromErrno(number, Concat("storage folder \"", root, "\" ",
                                              number == ENOSPC  ? "is on a full disk"
                                              : number == EROFS ? "is on a read-only file system"
                                                                : "cannot be written to")));
  }
  unlink(probe.c_str());
  return {};
}

}  // namespace

FreeSpace SpaceOf(const struct statvfs& system) {
  return {uint64_t(system.f_bavail) * system.f_frsize, uint64_t(system.f_blocks) * system.f_frsize,
          uint64_t(system.f_favail), uint64_t(system.f_files)};
}

Volume::Volume(std::string root, std::string uuid)
    : root_(std::move(root)), uuid_(std::move(uuid)) {
  while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
}

std::string Volume::PathOf(std::string_view rel_path) const { return Concat(root_, "/", rel_path); }

// Just before something is made in it: with the disk away, it would be made beside the disk.
Status Volume::CheckIdentity() const {
  if (uuid_.empty()) return {};
  const auto identity = ReadVolumeIdentity(root_);
  if (!identity) return Fail(identity.error());
  if (*identity && (*identity)->uuid == uuid_) return {};
  return Fail(ErrorKind::kNotFound, NotThere(root_));
}

Status Volume::CheckThere() const {
  if (uuid_.empty()) return Fail(ErrorKind::kNotFound, NotThere(root_));
  return CheckIdentity();
}

Status Volume::Check() const {
  struct stat info = {};
  if (stat(root_.c_str(), &info) != 0) {
    const int number = errno;
    return Fail(
        ErrorFromErrno(number, Concat("storage folder \"", root_, "\" ",
                                      number == ENOENT ? "does not exist" : "cannot be reached")));
  }
  if (!S_ISDIR(info.st_mode)) {
    return Fail(ErrorKind::kInvalidArgument, Concat("storage \"", root_, "\" is not a folder"));
  }
  if (auto right = CheckIdentity(); !right) return right;
  return TryToWrite(root_);
}

Status Volume::CheckRoom() const {
  constexpr uint64_t kRoom = 16 << 20;
  if (auto there = Check(); !there) return there;
  const auto space = Space();
  if (!space) return Fail(space.error());
  if (space->free_bytes >= std::min(kRoom, space->total_bytes / 20)) return {};
  return Fail(ErrorKind::kNoSpace, Concat("storage folder \"", root_, "\" is on a full disk"));
}

Result<FreeSpace> Volume::Space() const {
  struct statvfs info = {};
  if (statvfs(root_.c_str(), &info) != 0) {
    return Fail(ErrorFromErrno(errno, Concat("cannot measure storage folder \"", root_, "\"")));
  }
  return SpaceOf(info);
}

}  // namespace ronin
