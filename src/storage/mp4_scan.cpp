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

Error ChangedMeanwhile(const std::string& path) {
  return {ErrorKind::kConflict,
          Concat("\"", path, "\" is not the file that was scanned; it was left alone")};
}

/// False: see errno.
bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(size_t(written));
  }
  return true;
}

}  // namespace

Result<Mp4Scan> ScanMp4(const std::string& path) {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return Fail(file.error());
  return Mp4Walk(file->Get(), path).Run();
}

Result<Mp4Scan> ScanClosedMp4(const std::string& path, uint64_t size_bytes, uint64_t frames) {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return Fail(file.error());
  auto ends = Mp4Walk(file->Get(), path).ReadEnds();
  if (!ends) return Fail(ends.error());
  if (!*ends || (*ends)->whole_bytes != size_bytes) return Mp4Walk(file->Get(), path).Run();
  (*ends)->frames = frames;
  return **ends;
}

Result<Mp4Scan> ScanMp4Media(const std::string& path) {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return Fail(file.error());
  Mp4Walk walk(file->Get(), path);
  auto scan = walk.Run();
  if (!scan) return scan;
  const auto end = walk.EndOfWholeSamples();
  if (!end) return Fail(end.error());
  if (*end >= scan->whole_bytes) return walk.CheckIndex();
  Mp4Walk shorter(file->Get(), path, *end);
  scan = shorter.Run();
  return scan ? shorter.CheckIndex() : scan;
}

Result<std::optional<Mp4Origin>> ReadMp4Origin(const std::string& path) {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return Fail(file.error());
  return Mp4Walk(file->Get(), path).ReadOrigin();
}

Status CutTornTail(const std::string& path, const Mp4Scan& scan) {
  if (scan.torn_bytes == 0) return {};
  const auto file = OpenFile(path, O_RDWR);
  if (!file) return Fail(file.error());
  // Cutting cannot be undone, so look again: is it still what was scanned, and an MP4 at all?
  const auto now = Mp4Walk(file->Get(), path, scan.whole_bytes).Run();
  if (!now || now->whole_bytes != scan.whole_bytes || now->torn_bytes != scan.torn_bytes) {
    return Fail(ChangedMeanwhile(path));
  }
  if (ftruncate(file->Get(), off_t(scan.whole_bytes)) != 0 || fsync(file->Get()) != 0) {
    return Fail(ErrorFromErrno(errno, Concat("cannot cut the torn end of \"", path, "\"")));
  }
  return {};
}

Result<uint64_t> AppendMp4Index(const std::string& path, const Mp4Scan& scan) {
  const auto file = OpenFile(path, O_RDWR | O_APPEND);
  if (!file) return Fail(file.error());
  Mp4Walk walk(file->Get(), path);
  const auto now = walk.Run();
  const bool same = now && now->whole_bytes == scan.whole_bytes && now->torn_bytes == 0 &&
                    now->fragments == scan.fragments;
  if (!same || !scan.unindexed) return Fail(ChangedMeanwhile(path));
  const std::string index = walk.Index();
  if (WriteAll(file->Get(), index) && fsync(file->Get()) == 0) return index.size();
  Error error = ErrorFromErrno(errno, Concat("cannot write the index of \"", path, "\""));
  // What is there of it would be found torn by the next start; so it is cut off at once.
  if (ftruncate(file->Get(), off_t(scan.whole_bytes)) != 0) {
    error.cause += "; a part of it stays";
  }
  return Fail(std::move(error));
}

}  // namespace ronin
