// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/gap_record.h"

namespace ronin {

/// One run of the recorder, from start to end. A value.
struct RunRecord {
  int64_t id = 0;
  std::string boot_id;  ///< of the machine; another one: the machine was started since
  WallTime started{};
  WallTime alive{};    ///< when it was seen alive last; of a clean one: when it stopped recording
  bool clean = false;  ///< it was told to stop, and closed all files
};

/// Where recordings of a stream were deleted. A value.
struct DeletedSpan {
  StreamId stream;
  WallTime start{};
  WallTime end{};
};

/// What a start finds of the time before.
struct LastRun {
  int64_t next_id = 1;             ///< for the run that begins now
  std::optional<RunRecord> last;   ///< nothing: the first start
  std::vector<GapRecord> lasting;  ///< gaps that had not ended
  int64_t clock_epoch = 0;         ///< newest step of the clock; 0: it was never set
};

/// What recorded files cannot tell: gaps with their reasons, runs, steps of the clock.
///
/// Every method may also fail with kNoSpace, kUnavailable, kCorrupt or kInternal, from the
/// database. Thread-bound, like CameraStore.
class LedgerStore {
 public:
  virtual ~LedgerStore() = default;

  /// Begins a gap that lasts; one of the same stream that lasts ends where this one begins.
  virtual Status BeginGap(StreamId stream, WallTime start, const GapCause& cause) = 0;
  /// Ends the stream's gap that lasts, if there is one; one without length is forgotten.
  virtual Status EndGap(StreamId stream, WallTime end) = 0;
  /// Adds gaps that are over, all or none. Those without length are ignored.
  virtual Status AddGaps(const std::vector<GapRecord>& gaps) = 0;
  Status AddGap(const GapRecord& gap) { return AddGaps({gap}); }
  /// The stream's gaps that overlap [start, end), ascending by start.
  virtual Result<std::vector<GapRecord>> Gaps(StreamId stream, WallTime start, WallTime end) = 0;
  /// Forgets all but the newest `keep` gaps of each stream, so that a camera that fails every
  /// second for years does not fill the disk.
  virtual Status TrimGaps(int64_t keep) = 0;

  /// Recordings that lie in these times were deleted because of the policy; all or none are added.
  /// One span per stream is kept, which grows.
  virtual Status AddDeleted(const std::vector<DeletedSpan>& spans) = 0;
  /// That span, with reason kDeleted; nothing was deleted: none.
  virtual Result<std::optional<GapRecord>> Deleted(StreamId stream) = 0;

  virtual Result<LastRun> FindLastRun() = 0;
  /// The recorder works from now on. Keeps no more than the last 100 runs.
  /// @param run_id  LastRun::next_id
  virtual Status BeginRun(int64_t run_id, const std::string& boot_id, WallTime now) = 0;
  virtual Status Beat(int64_t run_id, WallTime now) = 0;
  /// It ends in order; what it recorded ended at `at`.
  virtual Status EndRun(int64_t run_id, WallTime at) = 0;
  /// Keeps no more than the last 1000 steps.
  /// @param epoch  of recorded times, which begins with it; more than the last one
  virtual Status AddClockStep(int64_t epoch, WallTime before, WallTime after) = 0;
};

}  // namespace ronin
