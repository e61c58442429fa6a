// SPDX-License-Identifier: MIT
#include "storage/file_syncs.h"

#include <mutex>
#include <utility>
#include <vector>

#include "storage/folders.h"
#include "storage/volume_sync.h"

namespace ronin {

struct FileSyncs::Queue {
  std::mutex mutex;
  std::vector<File> files;

  void Run(const Volume& volume) {
    std::vector<File> all;
    {
      std::lock_guard lock(mutex);
      all.swap(files);
    }
    if (all.empty()) return;  // the job before had all
    for (const File& file : all) file.read();
    const Status together = all.size() > 1 ? SyncVolume(volume) : Status();
    // A failure that a sync of the volume was told of before is told to no second one, but to each
    // file that it was about. With nothing left to write this costs little.
    std::vector<Status> ends;
    for (const File& file : all) ends.push_back(together ? SyncFile(file.path) : together);
    for (size_t i = 0; i < all.size(); ++i) all[i].synced(ends[i]);
  }
};

FileSyncs::FileSyncs(Volume volume, Worker& worker)
    : volume_(std::move(volume)), worker_(worker), queue_(std::make_shared<Queue>()) {}

void FileSyncs::Add(File file) {
  {
    std::lock_guard lock(queue_->mutex);
    queue_->files.push_back(std::move(file));
  }
  worker_.Post([queue = queue_, volume = volume_] { queue->Run(volume); });
}

}  // namespace ronin
