// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "base/mailbox.h"
#include "base/worker.h"
#include "retention/marked_files.h"
#include "retention/planner.h"
#include "retention/stuck_files.h"
#include "retention/volume_needs.h"

namespace ronin::retention {

/// A run: finds out what goes, a part at a time, and deletes it in two phases, in batches of a few
/// files: marked and explained (marks.h); then unlinked and dropped (marked_files.h). Marks that a
/// crash left are finished first. One at a time.
///
/// Thread: main; blocks never. What goes is found out on a thread of its own.
class Sweep {
 public:
  struct Progress {
    bool running = false;
    Amount deleted;
    int64_t left_files = 0;
    bool operator==(const Progress&) const = default;
  };
  /// All of it outlives this.
  struct Context {
    MarkedFiles::Context files;
    LedgerStore& ledger;  ///< used on `files.database` only
    const Planner& planner;
    VolumeNeeds& needs;
    const Clock& clock;
    std::function<Situation()> situation;
  };
  struct Hooks {
    std::function<void(const Progress&)> progress;  ///< more is deleted
    std::function<void(const Status& done)> ended;  ///< errors: a database's
  };

  Sweep(const Context& context, Hooks hooks);

  /// Begins a run, when none is under way.
  void Begin();
  /// Begins nothing more.
  void Stop();
  /// People have changed something: the next run tries again what did not help before.
  void TryAgain();

  /// Of the run under way, or the last one.
  const Progress& progress() const { return progress_; }
  bool running() const { return progress_.running; }
  /// Volumes where it broke a minimum, or which cannot get the room that they need.
  const std::set<int64_t>& short_volumes() const { return short_; }
  const StuckFiles& stuck() const { return stuck_; }

 private:
  MarkedFiles::Hooks FileHooks();
  void FinishMarked(int64_t after);
  void NextChunk();
  void Planned(Plan plan);
  void CountLeft();
  void NextBatch();
  void Delete(const Result<std::vector<Segment>>& marked, std::function<void()> then);
  void Failed(const Error& error);
  void End(const Status& done);

  const Context context_;
  const Hooks hooks_;
  bool stopped_ = false;
  MarkedFiles files_;
  StuckFiles stuck_;

  // Of the run under way:
  Progress progress_;
  bool counted_ = false;
  std::vector<Deletion> chunk_;  // of the plan; those before next_ are done
  size_t next_ = 0;
  std::set<int64_t> short_;

  Mailbox mailbox_;
  Worker thread_{"retention"};  // last, so that it ends first
};

}  // namespace ronin::retention
