// SPDX-License-Identifier: MIT
#include "storage/volume_identity.h"

#include <cerrno>

#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/g_ref.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time_text.h"
#include "base/unique_fd.h"
#include "storage/folders.h"

namespace ronin {
namespace {

constexpr size_t kMaxIdentityBytes = 4096;

std::string IdentityPath(const std::string& root) { return Concat(root, "/", kVolumeIdentityFile); }

std::optional<VolumeIdentity> ParseIdentity(const std::string& text) {
  const auto json = JsonValue::Parse(text);
  if (!json || !json->IsObject()) return std::nullopt;
  const auto uuid = json->Member("uuid");
  const auto created = json->Member("created");
  if (!uuid || !created) return std::nullopt;
  const auto name = uuid->AsString();
  const auto time = ParseTime(created->AsString().value_or(""));
  if (!name || g_uuid_string_is_valid(name->c_str()) == FALSE || !time) return std::nullopt;
  return VolumeIdentity{*name, *time};
}

Status WriteAndSync(int fd, const std::string& text) {
  const ssize_t written = write(fd, text.data(), text.size());
  const bool whole = written == ssize_t(text.size());
  if (whole && fsync(fd) == 0) return {};
  return Fail(ErrorFromErrno(written >= 0 && !whole ? ENOSPC : errno, "cannot write"));
}

}  // namespace

Result<std::optional<VolumeIdentity>> ReadVolumeIdentity(const std::string& root) {
  const std::string path = IdentityPath(root);
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) {
    if (errno == ENOENT) return std::nullopt;
    return Fail(ErrorFromErrno(errno, Concat("cannot open \"", path, "\"")));
  }
  std::string text(kMaxIdentityBytes, '\0');
  const ssize_t got = read(file.Get(), text.data(), text.size());
  if (got < 0) return Fail(ErrorFromErrno(errno, Concat("cannot read \"", path, "\"")));
  if (got == 0) return std::nullopt;
  text.resize(size_t(got));
  auto identity = ParseIdentity(text);
  if (!identity) {
    return Fail(ErrorKind::kCorrupt, Concat("\"", path, "\" does not say which disk this is"));
  }
  return identity;
}

Result<VolumeIdentity> CreateVolumeIdentity(const std::string& root, WallTime now) {
  const std::string path = IdentityPath(root);
  struct stat info = {};
  // What a power cut left of a first try.
  if (lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0) {
    unlink(path.c_str());
  }
  const GCharPtr uuid(g_uuid_string_random());
  const VolumeIdentity identity{uuid.get(), now};
  JsonWriter json;
  json.Object().Key("uuid").String(identity.uuid).Key("created").Time(now);
  json.Key("about").String("RoninNVR knows this disk by this file; leave it here.").End();
  UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!file) return Fail(ErrorFromErrno(errno, Concat("cannot create \"", path, "\"")));
  auto written = WriteAndSync(file.Get(), json.Text() + "\n");
  if (written) written = SyncFolder(root);
  if (!written) {
    unlink(path.c_str());
    return Fail(written.error().In(Concat("\"", path, "\"")));
  }
  return identity;
}

void RemoveVolumeIdentity(const std::string& root) { unlink(IdentityPath(root).c_str()); }

}  // namespace ronin
