// SPDX-License-Identifier: MIT
#include "storage/mp4_scan.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unique_fd.h"
#include "storage/mp4_walk.h"

namespace ronin {
namespace {

Result<UniqueFd> OpenFile(const std::string& path, int flags) {
  UniqueFd file(open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info = {};
  if (!file || fstat(file.Get(), &info) != 0) {
    return Fail(ErrorFromErrno(errno, Concat("cannot open \"", path, "\"")));
  }
  if (!S_ISREG(info.st_mode)) {
    return Fail(ErrorKind::kInvalidArgument, Concat("\"", path, "\" is no file"));
  }
  return file;
}

}  // namespace

Result<Mp4Scan> ScanMp4(const std::string& path) {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return Fail(file.error());
  return Mp4Walk(file->Get(), path).Run();
}

Result<Mp4Scan> ScanMp4Media(const std::string& path) {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return Fail(file.error());
  Mp4Walk walk(file->Get(), path);
  auto scan = walk.Run();
  if (!scan) return scan;
  const auto end = walk.EndOfWholeSamples();
  if (!end) return Fail(end.error());
  return *end < scan->whole_bytes ? Mp4Walk(file->Get(), path, *end).Run() : scan;
}

Status CutTornTail(const std::string& path, const Mp4Scan& scan) {
  if (scan.torn_bytes == 0) return {};
  const auto file = OpenFile(path, O_RDWR);
  if (!file) return Fail(file.error());
  // Cutting cannot be undone, so look again: is it still what was scanned, and an MP4 at all?
  const auto now = Mp4Walk(file->Get(), path, scan.whole_bytes).Run();
  if (!now || now->whole_bytes != scan.whole_bytes || now->torn_bytes != scan.torn_bytes) {
    return Fail(ErrorKind::kConflict,
                Concat("\"", path, "\" is not the file that was scanned; it was left alone"));
  }
  if (ftruncate(file->Get(), off_t(scan.whole_bytes)) != 0 || fsync(file->Get()) != 0) {
    return Fail(ErrorFromErrno(errno, Concat("cannot cut the torn end of \"", path, "\"")));
  }
  return {};
}

}  // namespace ronin
