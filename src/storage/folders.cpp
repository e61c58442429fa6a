// SPDX-License-Identifier: MIT
#include "storage/folders.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unique_fd.h"

namespace ronin {
namespace {

Status MakeOne(const std::string& path, const std::string& parent) {
  if (mkdir(path.c_str(), 0750) == 0) return SyncFolder(parent);
  const int number = errno;
  struct stat info = {};
  // Somebody else may have made it meanwhile; that is as good.
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return {};
    return Fail(ErrorKind::kInvalidArgument, Concat("\"", path, "\" is not a folder"));
  }
  return Fail(ErrorFromErrno(number, Concat("cannot create folder \"", path, "\"")));
}

}  // namespace

Status SyncFile(const std::string& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file && fdatasync(file.Get()) == 0) return {};
  const int number = errno;
  return Fail(ErrorFromErrno(number, Concat("cannot sync \"", path, "\"")));
}

Status SyncFolder(const std::string& path) {
  const UniqueFd folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder && fsync(folder.Get()) == 0) return {};
  return Fail(ErrorFromErrno(errno, Concat("cannot sync folder \"", path, "\"")));
}

Status MakeDirs(const std::string& path) {
  std::string parent = path.starts_with('/') ? "/" : ".";
  for (size_t end = 0; end < path.size();) {
    const size_t begin = path.find_first_not_of('/', end);
    if (begin == std::string::npos) break;
    end = std::min(path.find('/', begin), path.size());
    const std::string prefix = path.substr(0, end);
    if (auto made = MakeOne(prefix, parent); !made) return made;
    parent = prefix;
  }
  return {};
}

}  // namespace ronin
