// SPDX-License-Identifier: MIT
#include "storage/volume_sync.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace ronin {
namespace {

UniqueFd OpenRoot(const Volume& volume) {
  return UniqueFd(open(volume.root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Status SyncOpen(const UniqueFd& folder, const Volume& volume) {
  if (folder && syncfs(folder.Get()) == 0) return {};
  const int number = errno;
  return Fail(ErrorFromErrno(number, Concat("syncing \"", volume.root(), "\" failed")));
}

/// Whether `folder` is what is mounted at the volume's root now.
bool IsStillThere(const UniqueFd& folder, const Volume& volume) {
  struct stat open_one = {};
  struct stat there = {};
  return folder && fstat(folder.Get(), &open_one) == 0 &&
         stat(volume.root().c_str(), &there) == 0 && open_one.st_dev == there.st_dev &&
         open_one.st_ino == there.st_ino;
}

}  // namespace

/// Belongs to the worker's thread.
struct VolumeSync::State {
  explicit State(Volume v) : volume(std::move(v)) {}
  const Volume volume;
  // Kept open from one sync to the next: a descriptor tells of each failure since it was opened
  // once, also of one that somebody else has been told of.
  UniqueFd folder;

  Status Sync() {
    if (!IsStillThere(folder, volume)) folder = OpenRoot(volume);
    auto synced = SyncOpen(folder, volume);
    if (!synced) folder.Reset();
    return synced;
  }
};

VolumeSync::VolumeSync(Volume volume, Worker& worker, std::chrono::milliseconds interval,
                       Callbacks callbacks)
    : state_(std::make_shared<State>(std::move(volume))),
      worker_(worker),
      callbacks_(std::move(callbacks)) {
  timer_ = Source::Every(interval, [this] { Tick(); });
}

void VolumeSync::Tick() {
  if (began_) return;
  if (!callbacks_.needed()) {
    // An idle recorder must not hold a disk that somebody wants to take out.
    LetGo();
    return;
  }
  began_ = SystemClock().Mono();
  held_ = true;
  Ask(
      worker_, mailbox_,
      [state = state_] {
        const MonoTime begin = SystemClock().Mono();
        auto synced = state->Sync();
        return std::pair(std::move(synced), SystemClock().Mono() - begin);
      },
      [this](const std::pair<Status, Micros>& done) {
        began_.reset();
        callbacks_.synced(done.first, done.second);
      });
}

std::optional<Micros> VolumeSync::under_way() const {
  if (!began_) return std::nullopt;
  return SystemClock().Mono() - *began_;
}

void VolumeSync::LetGo() {
  if (std::exchange(held_, false)) worker_.Post([state = state_] { state->folder.Reset(); });
}

Status SyncVolume(const Volume& volume) { return SyncOpen(OpenRoot(volume), volume); }

}  // namespace ronin
