// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "storage/volume.h"

namespace ronin {

/// Brings what was recorded to the disk itself every few seconds, so that a power cut costs no more
/// than that. One `syncfs` for all files of the volume: on a hard disk a sync of each file would
/// cost a seek per camera. Thread: main; the syncs run on `worker`, one at a time.
///
/// A sync that failed is never repeated: the kernel has dropped what it could not write, and the
/// next one would succeed. Who listens must take everything written since for suspect.
class VolumeSync {
 public:
  struct Callbacks {
    std::function<bool()> needed;  ///< whether anything is being written
    /// main: how each sync ended, and how long it took
    std::function<void(const Status&, Micros took)> synced;
  };

  VolumeSync(Volume volume, Worker& worker, std::chrono::milliseconds interval,
             Callbacks callbacks);

  /// For how long the one under way has lasted; nothing: none is.
  std::optional<Micros> under_way() const;

  /// Closes what is kept open on the disk: it cannot be unmounted, and so not come back, before.
  void LetGo();

 private:
  struct State;
  void Tick();

  const std::shared_ptr<State> state_;  // shared with the job under way
  Worker& worker_;
  Callbacks callbacks_;
  std::optional<MonoTime> began_;  // of the one under way: a slow disk gets no second one
  bool held_ = false;              // the state has the folder open
  Source timer_;
  Mailbox mailbox_;
};

/// Waits until all that was written to the volume is on its disk. May block; any thread.
/// Errors: what the disk brings; what was written since the last success may then be lost.
Status SyncVolume(const Volume& volume);

}  // namespace ronin
