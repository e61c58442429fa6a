// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "config/ledger_store.h"

namespace ronin::recording {

/// Writes down why a stream of a camera is not recorded, at once, so that a crash keeps it; and
/// that the recorder lives, so that the next start knows how this run ended. What was recorded the
/// files tell; a gap in here that overlaps a file means nothing (see ComputeCoverage).
///
/// Nothing is written down from Stop() on: the time off is settled by the next start. What the
/// database cannot take now (its disk is full, it is locked) is kept in memory and written in order
/// once it can; of more than 4,000 the oldest are given up. A ledger that cannot be written is
/// logged, and costs reasons only. Thread: main.
class Ledger {
 public:
  /// All of it outlives the ledger; `store` is used on `database` only.
  struct Context {
    const Clock& clock;
    LedgerStore& store;
    Worker& database;
  };

  /// @param last     what LedgerStore::FindLastRun() found
  /// @param boot_id  of the machine now
  Ledger(const Context& context, LastRun last, const std::string& boot_id);
  ~Ledger();

  /// The recorder works. Before that, a start that fails leaves no trace: the time off goes on.
  void Start();

  /// A stream is there, at the start or later: it is not recorded until Recorded(). Since when and
  /// why not follows from the last run, or from when it was added. Repeating it is harmless.
  /// @param unwanted  why it is not to be recorded, if so
  void Expect(StreamId stream, WallTime created, const std::optional<GapCause>& unwanted);

  /// Nothing is recorded since `since`; or, when nothing was, there is another cause from now on.
  void Missing(StreamId stream, WallTime since, const GapCause& cause);
  /// It is recorded again; its first frame is of `first`.
  void Recorded(StreamId stream, WallTime first);
  /// What was being recorded ended at `end`. Only news when frames still reached the disk after
  /// Missing() had been told: then the gap begins here.
  void Ended(StreamId stream, WallTime end);
  /// Pictures are missing inside a file. Written down within half a second, with what else is lost
  /// by then.
  void Lost(StreamId stream, WallTime from, WallTime to, const GapCause& cause);
  /// The camera was removed: both of its streams.
  void Forget(int64_t camera_id);

  /// The epoch of a recorded time, such as the beginning of a file just opened: how often the clock
  /// had been set by more than 2 s. Sees a step at once.
  int64_t EpochOf(WallTime recorded);

  /// The recorder was told to stop.
  void Stop();
  /// … and all files are closed: the last word of this run.
  void Close();

  static constexpr size_t kMost = 4000;

 private:
  using Job = std::function<Status(LedgerStore&)>;
  class Writes;
  struct State {
    std::optional<WallTime> missing_since;
    GapCause cause;  // of the gap; or the newest that was told
  };

  void Begin(StreamId stream, State& state, WallTime since, const GapCause& cause);
  void Tick();
  void LookAtClock();
  void ClockStepped(WallTime before, WallTime after);
  void WriteLost();
  void Write(Job job);
  void WriteOrSkip(Job job);
  static void TryAgainOn(Worker& database, std::shared_ptr<Writes> writes);
  void Complain(const Error& error);

  const Context context_;
  const LastRun last_;
  const WallTime started_;
  const std::string boot_id_;
  const GapCause time_off_;
  std::map<StreamId, GapRecord> lasting_;  // of the last run, of streams not expected yet
  std::map<StreamId, State> streams_;
  std::optional<WallTime> stopped_;
  int64_t epoch_;
  Micros last_step_{};  // by which the clock was set last in this run …
  MonoTime stepped_{};  // … and when
  WallTime tick_wall_;
  MonoTime tick_mono_;
  MonoTime beat_;
  MonoTime trimmed_;
  std::optional<MonoTime> complained_;
  std::vector<GapRecord> lost_;  // not written yet
  Source write_lost_;
  Source tick_;
  Mailbox mailbox_;
  const std::shared_ptr<Writes> writes_;  // shared with the jobs under way
};

}  // namespace ronin::recording
