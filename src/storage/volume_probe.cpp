// SPDX-License-Identifier: MIT
#include "storage/volume_probe.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/text.h"
#include "storage/volume_identity.h"
#include "storage/volume_sync.h"

namespace ronin {
namespace {

// While files grow on it: near enough to the end that nothing is wasted. See Volume::CheckRoom for
// what must be free before recording begins again.
constexpr uint64_t kLastBytes = 4 << 20;

VolumeCondition NotThere(const std::string& root, std::string_view what) {
  return {.state = VolumeState::kMissing,
          .sentence = Concat(
              what, "; mount the right one, recording goes on by itself. If what is mounted ",
              "there now shall be used as a new disk, make an empty file ", kNewVolumeFile, " in ",
              root, ".")};
}

/// Whether people have asked for a new disk in the place of the one that was there.
bool IsAccepted(const std::string& root) {
  struct stat info = {};
  const std::string path = Concat(root, "/", kNewVolumeFile);
  return lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/// Finds which disk it is; `out.state` stays kChecking when it is one that may be used.
void Identify(const VolumeQuestion& question, WallTime now, VolumeCondition& out) {
  const std::string& root = question.root;
  const bool accepted = IsAccepted(root);
  auto found = ReadVolumeIdentity(root);
  if (!found && found.error().kind == ErrorKind::kCorrupt && accepted) {
    RemoveVolumeIdentity(root);
    found = std::nullopt;
  }
  if (!found) {
    const bool corrupt = found.error().kind == ErrorKind::kCorrupt;
    out = corrupt ? NotThere(root, Concat("It is not clear which disk is at ", root))
                  : ConditionOf(found.error(), root);
    out.cause = found.error().Text();
    return;
  }
  const auto is_uuid = [&](const KnownVolume& one) { return *found && one.uuid == (*found)->uuid; };
  const bool known_path =
      std::ranges::any_of(question.known, [&](const auto& one) { return one.path == root; });
  if (*found && (accepted || !known_path || std::ranges::any_of(question.known, is_uuid))) {
    out.uuid = (*found)->uuid;
  } else if (*found) {
    out = NotThere(root, Concat("Another disk than before is at ", root));
  } else if (known_path && !accepted) {
    out = NotThere(root, Concat("The disk that belongs at ", root, " is not there"));
  } else if (auto made = CreateVolumeIdentity(root, now); made) {
    out.uuid = made->uuid;
  } else {
    out = ConditionOf(made.error(), root);
    return;
  }
  if (accepted && !out.uuid.empty()) unlink(Concat(root, "/", kNewVolumeFile).c_str());
}

Status CheckRoomToGo(const Volume& volume, const FreeSpace& space) {
  if (space.free_bytes >= std::min(kLastBytes, space.total_bytes / 80)) return {};
  return Fail(ErrorKind::kNoSpace, Concat("\"", volume.root(), "\" has no room left"));
}

}  // namespace

std::string_view ToString(VolumeState state) {
  switch (state) {
    case VolumeState::kOk:
      return "ok";
    case VolumeState::kFull:
      return "full";
    case VolumeState::kReadOnly:
      return "read_only";
    case VolumeState::kChecking:
    case VolumeState::kMissing:
      return "missing";
    case VolumeState::kError:
      return "error";
  }
  return "error";
}

VolumeCondition ConditionOf(const Error& error, const std::string& root) {
  VolumeCondition out{.cause = error.Text()};
  switch (error.kind) {
    case ErrorKind::kNoSpace:
      out.state = VolumeState::kFull;
      out.sentence =
          Concat("The disk of ", root, " is full; make room, recording goes on by itself.");
      break;
    case ErrorKind::kNotFound:
      out.state = VolumeState::kMissing;
      out.sentence =
          Concat("The storage folder ", root,
                 " is missing; check that the disk is mounted, recording goes on by itself.");
      break;
    case ErrorKind::kPermission:
      out.state = VolumeState::kReadOnly;
      out.sentence =
          Concat("The storage folder ", root,
                 " cannot be written to; check its permissions, and that its disk has not become "
                 "read-only. Recording goes on by itself.");
      break;
    default:
      out.state = VolumeState::kError;
      out.sentence =
          Concat("Recording to ", root, " failed; check the disk, recording goes on by itself.");
  }
  return out;
}

VolumeCondition ProbeVolume(const VolumeQuestion& question, WallTime now) {
  const std::string& root = question.root;
  struct stat info = {};
  struct statvfs system = {};
  if (stat(root.c_str(), &info) != 0 || statvfs(root.c_str(), &system) != 0) {
    return ConditionOf(ErrorFromErrno(errno, Concat("cannot look at \"", root, "\"")), root);
  }
  if (!S_ISDIR(info.st_mode)) {
    return {.state = VolumeState::kError,
            .sentence = Concat("The storage ", root, " is not a folder; name a folder.")};
  }
  VolumeCondition out{.device = uint64_t(info.st_dev)};
  Identify(question, now, out);
  out.device = uint64_t(info.st_dev);
  out.space = SpaceOf(system);
  if (out.state != VolumeState::kChecking) return out;
  const Volume volume(root, out.uuid);
  Status good;
  if ((system.f_flag & ST_RDONLY) != 0) {
    good = Fail(ErrorFromErrno(EROFS, Concat("\"", root, "\" is on a read-only file system")));
  } else {
    good = question.thorough ? volume.CheckRoom() : CheckRoomToGo(volume, out.space);
  }
  if (good && question.sync) good = SyncVolume(volume);
  if (good) {
    out.state = VolumeState::kOk;
    return out;
  }
  const VolumeCondition bad = ConditionOf(good.error(), root);
  out.state = bad.state;
  out.sentence = bad.sentence;
  out.cause = bad.cause;
  return out;
}

}  // namespace ronin
