// SPDX-License-Identifier: MIT
#include "storage/file_reader.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/main_thread.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace ronin {

/// Belongs to the worker's thread.
struct FileReader::File {
  std::string path;
  UniqueFd fd;
  uint64_t size = 0;

  Result<uint64_t> Open() {
    // Not blocking, so that a FIFO of that name does not hold the thread.
    fd = UniqueFd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat info = {};
    if (!fd || fstat(fd.Get(), &info) != 0) {
      return Fail(ErrorFromErrno(errno, Concat("cannot open \"", path, "\"")));
    }
    if (!S_ISREG(info.st_mode)) {
      fd.Reset();
      return Fail(ErrorKind::kInvalidArgument, Concat("\"", path, "\" is no file"));
    }
    size = uint64_t(info.st_size);
    return size;
  }

  Result<std::string> Read(uint64_t offset, size_t length) const {
    if (!fd) return Fail(ErrorKind::kUnavailable, Concat("\"", path, "\" is not open"));
    if (offset > size) {
      return Fail(ErrorKind::kInvalidArgument, Concat("\"", path, "\" has only ", size, " bytes"));
    }
    std::string out(size_t(std::min<uint64_t>(length, size - offset)), '\0');
    for (size_t done = 0; done < out.size();) {
      const ssize_t got =
          pread(fd.Get(), out.data() + done, out.size() - done, off_t(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Fail(ErrorFromErrno(errno, Concat("cannot read \"", path, "\"")));
      if (got == 0) {
        return Fail(ErrorKind::kCorrupt, Concat("\"", path, "\" became shorter while it was read"));
      }
      done += size_t(got);
    }
    return out;
  }
};

FileReader::FileReader(std::string path, Worker& worker)
    : file_(std::make_shared<File>()), worker_(worker) {
  file_->path = std::move(path);
}

FileReader::~FileReader() = default;

void FileReader::Open(std::function<void(Result<uint64_t>)> done) {
  RONIN_ASSERT_MAIN_THREAD();
  const bool posted = worker_.Post([file = file_, answer = mailbox_.sender(), done] {
    answer.Post([done, result = file->Open()] { done(result); });
  });
  if (posted) return;
  mailbox_.Post([done] { done(Fail(ErrorKind::kUnavailable, "the storage is shutting down")); });
}

void FileReader::Read(uint64_t offset, size_t length,
                      std::function<void(Result<std::string>)> done) {
  RONIN_ASSERT_MAIN_THREAD();
  const bool posted = worker_.Post([file = file_, answer = mailbox_.sender(), offset, length,
                                    done] {
    answer.Post([done, result = file->Read(offset, length)]() mutable { done(std::move(result)); });
  });
  if (posted) return;
  mailbox_.Post([done] { done(Fail(ErrorKind::kUnavailable, "the storage is shutting down")); });
}

}  // namespace ronin
