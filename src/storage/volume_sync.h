// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/source.h"
#include "base/worker.h"
#include "storage/volume.h"

namespace ronin {

/// Brings what was recorded to the disk itself every few seconds, so that a power cut costs no more
/// than that. One `syncfs` for all files of the volume: on a hard disk a sync of each file would
/// cost a seek per camera. Thread: main; the syncs run on `worker`, one at a time, and it must be
/// stopped before `volume` ends.
class VolumeSync {
 public:
  /// @param needed  asked before each sync: whether anything is being written
  VolumeSync(const Volume& volume, Worker& worker, std::chrono::seconds interval,
             std::function<bool()> needed);

 private:
  struct State;
  const std::shared_ptr<State> state_;  // shared with the job under way
  Source timer_;
};

/// Waits until all that was written to the volume is on its disk. May block; any thread.
/// Errors: what the disk brings; what was written since the last success may then be lost.
Status SyncVolume(const Volume& volume);

}  // namespace ronin
