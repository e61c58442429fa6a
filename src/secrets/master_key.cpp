// SPDX-License-Identifier: MIT
#include "secrets/master_key.h"

#include <cerrno>
#include <cstdio>
#include <new>
#include <sodium.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unique_fd.h"

namespace ronin {
namespace {

Error KeyFileError(int number, const char* doing, const std::string& path) {
  return ErrorFromErrno(number, Concat("cannot ", doing, " the master key \"", path, "\""));
}

Status CheckKeyFile(const struct stat& info, const std::string& path, KeyReaders readers) {
  if (!S_ISREG(info.st_mode) || info.st_size != off_t(MasterKey::kBytes)) {
    return Fail(ErrorKind::kInvalidArgument,
                Concat("the master key \"", path, "\" is not a file of ", MasterKey::kBytes,
                       " bytes; put it back from a backup"));
  }
  const mode_t forbidden = readers == KeyReaders::kNobody ? S_IRWXG | S_IRWXO : S_IRWXO;
  if ((info.st_mode & forbidden) == 0) return {};
  return Fail(ErrorKind::kPermission,
              Concat("others may read the master key \"", path, "\"; forbid it with: chmod 600 '",
                     path, "', and think about: ronin-nvr key rotate"));
}

/// All or nothing; the file is so small that one call does it unless something is wrong.
Status ReadAll(int fd, unsigned char* to, const std::string& path) {
  const ssize_t got = read(fd, to, MasterKey::kBytes);
  if (got == ssize_t(MasterKey::kBytes)) return {};
  return Fail(KeyFileError(got < 0 ? errno : EIO, "read", path));
}

Status WriteAll(int fd, const unsigned char* from, const std::string& path) {
  const ssize_t put = write(fd, from, MasterKey::kBytes);
  if (put != ssize_t(MasterKey::kBytes)) {
    return Fail(KeyFileError(put < 0 ? errno : ENOSPC, "write", path));
  }
  if (fsync(fd) != 0) return Fail(KeyFileError(errno, "write", path));
  return {};
}

}  // namespace

void MasterKey::Wipe::operator()(unsigned char* bytes) const noexcept { sodium_free(bytes); }

MasterKey::MasterKey() {
  // Repeating it changes nothing. It fails only where there are no random numbers at all.
  if (sodium_init() < 0) throw std::bad_alloc();
  bytes_.reset(static_cast<unsigned char*>(sodium_malloc(kBytes)));
  if (bytes_ == nullptr) throw std::bad_alloc();
}

MasterKey MasterKey::Random() {
  MasterKey out;
  randombytes_buf(out.bytes_.get(), kBytes);
  return out;
}

Result<MasterKey> MasterKey::Read(const std::string& path, KeyReaders readers) {
  // Not waiting for anybody, should it be a pipe.
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return Fail(KeyFileError(errno, "read", path));
  struct stat info = {};
  if (fstat(file.Get(), &info) != 0) return Fail(KeyFileError(errno, "read", path));
  if (auto good = CheckKeyFile(info, path, readers); !good) return Fail(std::move(good.error()));
  MasterKey out;
  if (auto done = ReadAll(file.Get(), out.bytes_.get(), path); !done) {
    return Fail(std::move(done.error()));
  }
  return out;
}

Status MasterKey::WriteTo(const std::string& path) const {
  const std::string part = path + ".part";
  unlink(part.c_str());  // of a start that was cut off
  {
    const UniqueFd file(open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) return Fail(KeyFileError(errno, "create", part));
    if (auto done = WriteAll(file.Get(), bytes_.get(), part); !done) {
      unlink(part.c_str());
      return done;
    }
  }
  return RenameKeyFile(part, path);
}

uint32_t MasterKey::id() const {
  unsigned char hash[crypto_generichash_BYTES_MIN] = {};
  constexpr unsigned char kWhat[] = "ronin-nvr key id";
  crypto_generichash(hash, sizeof hash, kWhat, sizeof kWhat, bytes_.get(), kBytes);
  return uint32_t(hash[0]) << 24U | uint32_t(hash[1]) << 16U | uint32_t(hash[2]) << 8U | hash[3];
}

Status RenameKeyFile(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return Fail(KeyFileError(errno, "store", to));
  const size_t slash = to.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : to.substr(0, slash + 1);
  const UniqueFd opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened && fsync(opened.Get()) == 0) return {};
  return Fail(KeyFileError(errno, "store", to));
}

}  // namespace ronin
