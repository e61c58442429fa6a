// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "config/setting_store.h"
#include "recording/recorders.h"
#include "recording/recovery.h"
#include "storage/open_paths.h"
#include "storage/volumes.h"

namespace ronin::app {

/// The folders for recordings and what must be done about them: tells both databases which disk is
/// where, tells the recorders what has changed, and checks the recordings of each disk behind the
/// running recorder, when it is there for the first time or again. Thread: main.
class StorageKeeper {
 public:
  struct Context {
    const Clock& clock;
    ConfigStores& config;  ///< used on `database` only
    Catalog& catalog;      ///< used on `database` only
    Worker& database;
    std::vector<std::string> roots;
    std::vector<VolumeRecord> known;  ///< those that were added are used, too
    VolumeShares::Homes homes;
    std::chrono::milliseconds sync_interval;
  };

  explicit StorageKeeper(Context context);
  ~StorageKeeper();

  Volumes& volumes() { return *volumes_; }
  OpenPaths& open_paths() { return open_paths_; }
  /// Who is told of changes; outlives the work of this, or is taken back with nullptr.
  void SetRecorders(recording::Recorders* recorders) { recorders_ = recorders; }

  /// Called whenever a volume, or what is wanted of it, has changed, and when its recordings were
  /// checked: those that were open at the last end can be moved and deleted then.
  void OnChanged(std::function<void()> listener) { on_changed_ = std::move(listener); }

  /// Whether each folder was looked at, and the catalog knows those that are there.
  bool settled() const;
  /// Checks all disks that are there; some rows were lost.
  void RecoverAll();
  /// The catalog is another, empty one: it is told which disks are where, and filled from them.
  void CatalogReplaced();
  /// Whether the recordings of each disk that is there were checked.
  bool recovered() const;
  /// Ends all threads of its own. The database must still run.
  void Stop();

 private:
  struct Check;
  Check& CheckOf(const VolumeGate& gate);
  void KeepHome(const std::string& camera_uuid, const std::string& volume_uuid);
  void Identified(const std::string& uuid, const std::string& root);
  void NoteAll();
  void Note(const std::string& uuid, const std::string& root);
  void Changed(VolumeGate& gate);
  void Recover(VolumeGate& gate);
  void ReconcileProtection();
  void Recovered(VolumeGate& gate, const Result<recording::RecoveryReport>& report);

  Context context_;
  OpenPaths open_paths_;
  recording::Recorders* recorders_ = nullptr;
  std::function<void()> on_changed_;
  std::map<std::string, std::string> unnoted_;  // root by uuid: not in both databases yet
  std::map<const VolumeGate*, std::unique_ptr<Check>> checks_;
  std::unique_ptr<Volumes> volumes_;
  Source note_again_;
  Source check_again_;
  bool stopped_ = false;
  Mailbox mailbox_;
};

}  // namespace ronin::app
