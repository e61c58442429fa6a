// SPDX-License-Identifier: MIT
#include "storage/segment_files.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace ronin {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { closedir(folder); }
};
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

Result<OpenFolder> OpenForList(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  OpenFolder folder(fd >= 0 ? fdopendir(fd) : nullptr);
  if (folder) return folder;
  const int number = errno;
  if (fd >= 0) close(fd);
  return Fail(ErrorFromErrno(number, Concat("cannot list folder \"", path, "\"")));
}

/// Calls `visit(name, info)` for each entry that `mode` fits and that does not begin with a dot.
template <typename Visit>
Status ForEachEntry(const std::string& path, mode_t mode, Visit visit) {
  const auto folder = OpenForList(path);
  if (!folder) return Fail(folder.error());
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(folder->get());
    if (entry == nullptr) break;
    if (entry->d_name[0] == '.') continue;
    struct stat info = {};
    if (fstatat(dirfd(folder->get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;  // it went away meanwhile
      return Fail(
          ErrorFromErrno(errno, Concat("cannot look at \"", path, "/", entry->d_name, "\"")));
    }
    if ((info.st_mode & S_IFMT) == mode) visit(std::string(entry->d_name), info);
  }
  if (errno == 0) return {};
  return Fail(ErrorFromErrno(errno, Concat("cannot list folder \"", path, "\"")));
}

bool LooksLikeADay(const std::string& name) {
  return name.size() == 10 && name[4] == '-' && name[7] == '-';
}

}  // namespace

Result<FolderNames> ListFolders(const std::string& path) {
  FolderNames out;
  auto done = ForEachEntry(path, S_IFDIR,
                           [&](std::string name, const struct stat&) { out.push_back(name); });
  if (!done) return Fail(std::move(done.error()));
  std::ranges::sort(out);
  return out;
}

Result<FolderNames> ListDays(const std::string& root, const std::string& folder) {
  FolderNames out;
  for (const std::string& parent : {folder, folder + "/sub"}) {
    const auto names = ListFolders(Concat(root, "/", parent));
    if (!names && names.error().kind == ErrorKind::kNotFound) continue;
    if (!names) return Fail(names.error());
    for (const std::string& name : *names) {
      if (LooksLikeADay(name)) out.push_back(Concat(parent, "/", name));
    }
  }
  return out;
}

Result<std::vector<SegmentFile>> ListSegmentFiles(const std::string& root, const std::string& day) {
  std::vector<SegmentFile> out;
  const auto done = ForEachEntry(
      Concat(root, "/", day), S_IFREG, [&](const std::string& name, const struct stat& info) {
        std::string rel_path = Concat(day, "/", name);
        if (auto named = SegmentPath::Parse(rel_path)) {
          out.push_back({std::move(rel_path), std::move(*named), uint64_t(info.st_size)});
        }
      });
  if (!done && done.error().kind != ErrorKind::kNotFound) return Fail(done.error());
  std::ranges::sort(out, {}, &SegmentFile::rel_path);
  return out;
}

}  // namespace ronin
