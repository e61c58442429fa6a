// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/worker.h"
#include "storage/volume.h"

namespace ronin {

/// Brings files that nobody writes any more to the disk. Those that came while the worker was busy
/// share one `syncfs`: a sync costs a disk the same whatever it brings, and 64 cameras that end
/// together would wait for 64 of them. Then each is asked for what became of it, by a sync of its
/// own. Thread: any; the work is done on `worker`, which outlives it.
class FileSyncs {
 public:
  struct File {
    std::string path;
    std::function<void()> read;  ///< on the worker, before it is synced; may block
    /// On the worker. An error may be one of the whole volume.
    std::function<void(const Status&)> synced;
  };

  FileSyncs(Volume volume, Worker& worker);

  void Add(File file);

 private:
  struct Queue;
  const Volume volume_;
  Worker& worker_;
  const std::shared_ptr<Queue> queue_;  // shared with the jobs under way
};

}  // namespace ronin
