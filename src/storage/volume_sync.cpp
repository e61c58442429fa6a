// SPDX-License-Identifier: MIT
#include "storage/volume_sync.h"

#include <atomic>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace ronin {

struct VolumeSync::State {
  std::atomic<bool> under_way{false};
  bool failed = false;  // worker: said already
};

VolumeSync::VolumeSync(const Volume& volume, Worker& worker, std::chrono::seconds interval,
                       std::function<bool()> needed)
    : state_(std::make_shared<State>()) {
  timer_ = Source::Every(interval, [&volume, &worker, state = state_, needed = std::move(needed)] {
    if (!needed() || state->under_way.exchange(true)) return;  // a slow disk gets no second one
    worker.Post([&volume, state] {
      const auto synced = SyncVolume(volume);
      if (!synced && !std::exchange(state->failed, true)) {
        log::Error("storage", Concat("the last seconds of recordings may not be on the disk: ",
                                     synced.error().Text(), "; check the disk"));
      }
      if (synced) state->failed = false;
      state->under_way = false;
    });
  });
}

Status SyncVolume(const Volume& volume) {
  const UniqueFd folder(open(volume.root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder && syncfs(folder.Get()) == 0) return {};
  const int number = errno;
  return Fail(ErrorFromErrno(number, Concat("syncing \"", volume.root(), "\" failed")));
}

}  // namespace ronin
