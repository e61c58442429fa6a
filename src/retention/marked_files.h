// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "retention/delete_files.h"
#include "retention/planner.h"
#include "storage/open_paths.h"
#include "storage/served_files.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// Carries out what is marked: unlinks it, a few files of one volume at a time, on the thread of
/// that volume, and drops it from the catalog. A volume that does not answer holds up no other for
/// long. Thread: main; blocks never.
class MarkedFiles {
 public:
  /// All of it outlives this.
  struct Context {
    Catalog& catalog;  ///< used on `database` only
    Worker& database;
    Volumes& volumes;
    const OpenPaths& open_paths;
    ServedFiles& served;
    std::chrono::milliseconds patience{5000};  ///< for one batch on a volume
  };
  struct Hooks {
    std::function<void(const VolumeGate&, const FreeSpace&)> measured;
    std::function<void(int64_t volume_id, const std::vector<int64_t>& segments, const Amount&)>
        deleted;
    /// They cannot be deleted, and are not marked any more.
    std::function<void(int64_t volume_id, const std::vector<int64_t>& segments,
                       const std::string& why)>
        stuck;
    std::function<void()> dropped;  ///< rows of what was deleted are gone as well
  };

  MarkedFiles(const Context& context, Hooks hooks) : context_(context), hooks_(std::move(hooks)) {}

  /// A run begins: forgets what it knows of volumes and files.
  void Begin();
  /// Deletes these, which are marked. Those that cannot go now keep their row; those in use lose
  /// the mark, and are spared(). One at a time.
  /// @param done  called when all is done; with an error of the catalog: some may be marked still.
  ///              Not called after Stop().
  void Delete(const std::vector<Segment>& segments, std::function<void(const Status&)> done);
  /// Begins nothing more.
  void Stop();

  /// In this run: those that cannot go, as they are in use.
  const std::set<int64_t>& spared() const { return spared_; }
  /// In this run: whether the volume has failed, or does not answer.
  bool HasFailed(int64_t volume_id) const { return failed_volumes_.contains(volume_id); }

 private:
  /// Files of one volume.
  struct Batch {
    int64_t volume_id = 0;
    std::vector<DoomedFile> files;
    std::map<int64_t, int64_t> sizes;  // by segment
  };
  /// What came of them.
  struct Outcome {
    Result<DeletedFiles> deleted;
    Result<FreeSpace> space;
  };

  bool IsInUse(const Segment& segment, const VolumeGate& gate) const;
  void AddToBatch(const Segment& segment);
  void Spare(std::vector<int64_t> in_use);
  void Next();
  void TooSlow(int64_t volume_id, const std::string& root);
  void Deleted(const Batch& batch, unsigned number, const Outcome& outcome);
  void Drop(const DeletedFiles& deleted, unsigned number);
  void Done(const Status& status);

  const Context context_;
  const Hooks hooks_;
  bool stopped_ = false;
  std::vector<Batch> batches_;  // those to come
  std::function<void(const Status&)> done_;
  unsigned number_ = 0;  // of the batch under way
  Source patience_;      // with it
  std::set<int64_t> failed_volumes_;
  std::set<int64_t> spared_;
  Mailbox mailbox_;
};

}  // namespace ronin::retention
