// SPDX-License-Identifier: MIT
#include "storage/file_copy.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unique_fd.h"
#include "storage/folders.h"

namespace ronin {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

// What is written and brought to the disk at once; less when it is to be slow, so that it is even.
constexpr size_t kCopyChunk = 256 << 10;
constexpr size_t kLeastChunk = 16 << 10;

class FileCopy {
 public:
  FileCopy(const std::string& from, const std::string& to, const CopyPace& pace)
      : from_(from), to_(to), pace_(pace) {}

  Result<uint64_t> Do() {
    if (auto opened = Open(); !opened) return Fail(std::move(opened.error()));
    std::vector<char> buffer(
        pace_.bytes_per_s > 0 ? std::clamp(size_t(pace_.bytes_per_s / 10), kLeastChunk, kCopyChunk)
                              : kCopyChunk);
    for (uint64_t at = 0; at < size_;) {
      const auto begin = steady_clock::now();
      const size_t length = size_t(std::min<uint64_t>(buffer.size(), size_ - at));
      if (auto done = CopyChunk(buffer.data(), at, length); !done) {
        return Fail(std::move(done.error()));
      }
      at += length;
      if (at < size_ && !Rest(length, steady_clock::now() - begin)) {
        return Fail(ErrorKind::kUnavailable, "the copying was ended");
      }
    }
    return Finish();
  }

 private:
  tl::unexpected<Error> Failed(const char* what, const std::string& path) const {
    return Fail(ErrorFromErrno(errno, Concat("cannot ", what, " \"", path, "\"")));
  }

  Status Open() {
    in_ = UniqueFd(open(from_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!in_ || fstat(in_.Get(), &info_) != 0) return Failed("open", from_);
    if (!S_ISREG(info_.st_mode)) {
      return Fail(ErrorKind::kInvalidArgument, Concat("\"", from_, "\" is no file"));
    }
    size_ = uint64_t(info_.st_size);
    out_ = UniqueFd(open(to_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                         info_.st_mode & 0777));
    if (!out_) return Failed("create", to_);
    posix_fadvise(in_.Get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    return {};
  }

  Status CopyChunk(char* buffer, uint64_t at, size_t length) {
    for (size_t done = 0; done < length;) {
      const ssize_t got = pread(in_.Get(), buffer + done, length - done, off_t(at + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Failed("read", from_);
      if (got == 0) return Fail(ErrorKind::kCorrupt, Concat("\"", from_, "\" became shorter"));
      done += size_t(got);
    }
    for (size_t done = 0; done < length;) {
      const ssize_t put = pwrite(out_.Get(), buffer + done, length - done, off_t(at + done));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return Failed("write", to_);
      done += size_t(put);
    }
    return LetGo(at, length);
  }

  /// What is dirty must not pile up: the sync of the recordings would wait for it.
  Status LetGo(uint64_t at, size_t length) {
    constexpr unsigned kWriteAndWait =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (sync_file_range(out_.Get(), off_t(at), off_t(length), kWriteAndWait) != 0 &&
        errno != ENOSYS && errno != EINVAL && errno != ESPIPE) {
      return Failed("write", to_);
    }
    posix_fadvise(out_.Get(), off_t(at), off_t(length), POSIX_FADV_DONTNEED);
    posix_fadvise(in_.Get(), off_t(at), off_t(length), POSIX_FADV_DONTNEED);
    return {};
  }

  /// Leaves the disk to others for a while. False: cancelled.
  bool Rest(size_t copied, steady_clock::duration took) const {
    auto rest = took;
    if (pace_.bytes_per_s > 0) {
      rest = std::chrono::nanoseconds(copied * 1'000'000'000 / pace_.bytes_per_s) - took;
    }
    const auto end = steady_clock::now() + rest;
    for (;;) {
      if (pace_.cancelled()) return false;
      const auto left = end - steady_clock::now();
      if (left <= 0ns && !pace_.wait()) return true;
      constexpr steady_clock::duration kLookAgain = 50ms;
      std::this_thread::sleep_for(left <= 0ns ? kLookAgain : std::min(left, kLookAgain));
    }
  }

  Result<uint64_t> Finish() {
    struct stat now = {};
    if (fstat(in_.Get(), &now) != 0) return Failed("look at", from_);
    if (now.st_size != info_.st_size) {
      return Fail(ErrorKind::kCorrupt, Concat("\"", from_, "\" has changed while it was copied"));
    }
    const timespec times[] = {info_.st_atim, info_.st_mtim};
    futimens(out_.Get(), times);  // for people; where it is refused nothing is wrong
    if (fsync(out_.Get()) != 0) return Failed("sync", to_);
    posix_fadvise(out_.Get(), 0, 0, POSIX_FADV_DONTNEED);
    return size_;
  }

  const std::string& from_;
  const std::string& to_;
  const CopyPace& pace_;
  UniqueFd in_;
  UniqueFd out_;
  struct stat info_ = {};
  uint64_t size_ = 0;
};

}  // namespace

Result<uint64_t> CopyFile(const std::string& from, const std::string& to, const CopyPace& pace) {
  return FileCopy(from, to, pace).Do();
}

Status RenameNew(const std::string& from, const std::string& to) {
  int done = renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (done != 0 && (errno == EINVAL || errno == ENOSYS)) {  // such as NFS
    struct stat info = {};
    if (lstat(to.c_str(), &info) == 0) {
      errno = EEXIST;
    } else {
      done = rename(from.c_str(), to.c_str());
    }
  }
  if (done != 0) {
    return Fail(ErrorFromErrno(errno, Concat("cannot name \"", from, "\" \"", to, "\"")));
  }
  return SyncFolder(to.substr(0, to.rfind('/')));
}

}  // namespace ronin
