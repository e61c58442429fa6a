// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "retention/clock_guard.h"
#include "retention/last_run.h"
#include "retention/planner.h"
#include "retention/sweep.h"
#include "retention/volume_needs.h"
#include "retention/volume_troubles.h"
#include "storage/open_paths.h"
#include "storage/served_files.h"
#include "storage/spare_room.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// Deletes what the policy says: from time to time, when it is told to, and at once when a volume
/// runs low. How a run does it: sweep.h.
///
/// Thread: main; blocks never.
class Sweeper {
 public:
  using Progress = Sweep::Progress;
  struct Hooks {
    std::function<void(const Progress&)> progress;
    /// `sentence` is the trouble now; empty: none. Volume 0: all of them. Kinds: kRetentionHeld,
    /// kRetentionShort, kRetentionStuck.
    VolumeTroubles::Tell alarm;
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
    FreeSpaceWatch::Counted free_space = {};   ///< of volumes; tests fill a disk with it
    const SpareRoom* spare_room = nullptr;     ///< of the databases; used on `database` only
  };

  Sweeper(const Context& context, Hooks hooks);
  ~Sweeper();

  /// Reads what it knows, and runs for the first time.
  void Start();
  /// Begins nothing more; the disks and databases are about to close.
  void Stop();
  /// People want it: runs now, or once more after the run under way, and tries again what did not
  /// help before.
  void Run();
  /// People have set other limits; runs.
  void LimitsChanged(const Limits& limits);
  /// A volume is in another state: looks at once whether it needs room.
  void VolumesChanged();
  void SetInterval(std::chrono::milliseconds interval);
  /// Deletion by age goes on: the clock is right.
  void ConfirmClock();
  /// What ages are told from; none while they cannot be told.
  std::optional<WallTime> TrustedTime();

  const Progress& progress() const { return sweep_.progress(); }
  const std::optional<LastRun>& last_run() const { return last_run_; }
  const std::optional<Held>& held() const { return guard_.held(); }
  /// How much is to stay free on the volume, in bytes.
  uint64_t FloorOf(const VolumeGate& gate) const { return needs_.FloorOf(gate); }
  /// What people have set for all cameras.
  const Limits& limits() const { return needs_.limits(); }

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

  void Read();
  void Restored(Result<Stored> stored);
  void Look();
  void LookAtClock();
  void StoreClock();
  Situation Now() const;
  void RunOnce();
  void Begin(bool asked);
  void Ended(const Status& done);
  void GiveDatabasesRoom();
  void KeepSpareRoom();
  void TellDeleted(const Amount& deleted);
  void TellTroubles();
  void Store(const char* key, std::string text);

  const Context context_;
  const Hooks hooks_;
  ClockGuard guard_;
  VolumeNeeds needs_;
  VolumeTroubles troubles_;
  bool ready_ = false;
  bool stopped_ = false;
  std::optional<LastRun> last_run_;
  Source every_;
  Source look_;
  Source read_again_;

  bool asked_ = false;  // for the run under way; else a volume is low
  bool again_ = false;  // one more was asked for
  Amount untold_;       // what the log was not told of yet
  std::optional<MonoTime> told_at_;
  std::atomic<bool> cancelled_{false};
  Mailbox mailbox_;
  const Planner planner_;
  Sweep sweep_;
  Worker previews_{"preview"};  // last, so that it ends first
};

}  // namespace ronin::retention
