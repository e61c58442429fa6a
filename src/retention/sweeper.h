// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/alarms.h"
#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "retention/clock_guard.h"
#include "retention/delete_files.h"
#include "retention/free_space_watch.h"
#include "retention/planner.h"
#include "storage/open_paths.h"
#include "storage/served_files.h"
#include "storage/spare_room.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// Deletes what the policy says: from time to time, when it is told to, and at once when a volume
/// runs low. In two phases, in batches of a few files of one volume: marked in the catalog and
/// explained in the ledger; unlinked, and the folders synced; dropped from the catalog. Marks that
/// a crash left are finished first. A volume that does not answer holds up no other for long.
///
/// Thread: main; blocks never. What goes is found out on a thread of its own.
class Sweeper {
 public:
  /// One run, so far.
  struct Progress {
    bool running = false;
    Amount deleted;
    int64_t left_files = 0;
    bool operator==(const Progress&) const = default;
  };
  struct LastRun {
    WallTime at{};  ///< when it ended
    Amount deleted;
  };
  struct Hooks {
    std::function<void(const Progress&)> progress;
    /// `sentence` is the trouble now; empty: none. Volume 0: all of them. Kinds: kRetentionHeld,
    /// kRetentionShort.
    std::function<void(AlarmKind kind, int64_t volume_id, const std::string& sentence)> alarm;
  };
  /// All of it outlives this.
  struct Context {
    const Clock& clock;
    ConfigStores& config;  ///< used on `database` only
    Catalog& catalog;      ///< used on `database` only
    Worker& database;
    Volumes& volumes;
    const OpenPaths& open_paths;
    ServedFiles& served;
    std::chrono::milliseconds interval{3'600'000};
    std::optional<WallTime> seen{};  ///< when the recorder was alive last, before this run
    std::function<bool(WallTime now)> clock_is_synchronised = KernelClockIsSynchronised;
    std::chrono::milliseconds patience{5000};  ///< for one batch on a volume
    const SpareRoom* spare_room = nullptr;     ///< of the databases; used on `database` only
  };

  Sweeper(const Context& context, Hooks hooks);
  ~Sweeper();

  /// Reads what it knows, and runs for the first time.
  void Start();
  /// Begins nothing more; the disks and databases are about to close.
  void Stop();
  /// Runs now, or once more after the run under way.
  void Run();
  /// People have set other limits; runs.
  void LimitsChanged(const Limits& limits);
  /// A volume is in another state: looks at once whether it needs room.
  void VolumesChanged();
  void SetInterval(std::chrono::milliseconds interval);
  /// Deletion by age goes on: the clock is right.
  void ConfirmClock();
  /// Whether ages can be told now.
  bool TrustsClock();

  const Progress& progress() const { return progress_; }
  const std::optional<LastRun>& last_run() const { return last_run_; }
  const std::optional<Held>& held() const { return guard_.held(); }
  /// How much is to stay free on the volume, in bytes.
  uint64_t FloorOf(const VolumeGate& gate) const;

  /// Finds out what other limits would do. False: too many ask; `done` is not called then.
  bool Foretell(WhatIf what_if, std::function<void(Result<Preview>)> done);

 private:
  /// What was stored of earlier runs.
  struct Stored {
    Limits limits;
    std::string clock;
    std::string last_run;
    std::optional<WallTime> newest;
  };
  /// Files of one volume that are marked.
  struct Batch {
    int64_t volume_id = 0;
    std::vector<DoomedFile> files;
    std::map<int64_t, int64_t> sizes;  // by segment
  };
  /// What came of them.
  struct Deleted {
    Result<std::vector<int64_t>> gone;
    Result<FreeSpace> space;
  };
  /// What a run has done on one volume.
  struct Effort {
    int64_t free_before = 0;
    int64_t deleted_bytes = 0;
  };

  void Read();
  void Restored(Result<Stored> stored);
  void Look();
  void LookAtClock();
  void StoreClock();
  bool IsLow(const VolumeGate& gate) const;
  bool AnyIsLow() const;
  bool CanDelete(const VolumeGate& gate) const;
  bool HelpsNot(const VolumeGate& gate, int64_t volume_id);
  Situation Now();

  void Begin(bool asked);
  void FinishMarked(int64_t after);
  void NextChunk();
  void Planned(Plan plan);
  void CountLeft();
  void NextBatch();
  void Marked(std::vector<Segment> segments, std::function<void()> then);
  void DeleteNext();
  void Gone(const Batch& batch, unsigned number, const Deleted& deleted);
  void Drop(std::vector<int64_t> gone, unsigned number);
  void Failed(const Error& error);
  void GiveDatabasesRoom();
  void KeepSpareRoom();
  void End();
  void Rest();
  void TellDeleted();
  void TellShort();
  void Alarm(AlarmKind kind, int64_t volume_id, const std::string& sentence) const;
  void Store(const char* key, std::string text);

  const Context context_;
  const Hooks hooks_;
  ClockGuard guard_;
  FreeSpaceWatch free_;
  Limits limits_;
  bool ready_ = false;
  bool stopped_ = false;
  std::optional<LastRun> last_run_;
  Source every_;
  Source look_;
  Source read_again_;

  // Of the run under way:
  Progress progress_;
  bool asked_ = false;
  bool again_ = false;  // one more was asked for
  bool counted_ = false;
  std::vector<Deletion> chunk_;  // of the plan; those before next_ are done
  size_t next_ = 0;
  std::vector<Batch> batches_;           // marked, not deleted yet
  std::function<void()> after_batches_;  // what comes when they are
  unsigned number_ = 0;                  // of the batch under way
  Source patience_;                      // with it
  std::set<int64_t> bad_volumes_;
  std::set<int64_t> spared_;
  std::set<int64_t> short_;  // volumes that broke a minimum, or cannot get room
  std::map<int64_t, Effort> efforts_;

  std::set<int64_t> told_short_;
  Amount untold_;  // what the log was not told of yet
  std::optional<MonoTime> told_at_;
  std::map<int64_t, MonoTime> resting_;  // until when a volume that is low is left alone
  std::atomic<bool> cancelled_{false};
  Mailbox mailbox_;
  const Planner planner_;
  Worker thread_{"retention"};  // these last, so that they end first
  Worker previews_{"preview"};
};

}  // namespace ronin::retention
