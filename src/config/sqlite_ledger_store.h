// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/ledger_store.h"
#include "sqlite/database.h"

namespace ronin {

/// LedgerStore in SQLite; thread-bound.
class SqliteLedgerStore final : public LedgerStore {
 public:
  /// @param database  migrated; shared because SqliteCameraStore uses the same one connection
  explicit SqliteLedgerStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  Status BeginGap(StreamId stream, WallTime start, const GapCause& cause) override;
  Status EndGap(StreamId stream, WallTime end) override;
  Status AddGaps(const std::vector<GapRecord>& gaps) override;
  Result<std::vector<GapRecord>> Gaps(StreamId stream, WallTime start, WallTime end) override;
  Status TrimGaps(int64_t keep) override;
  Status AddDeleted(const std::vector<DeletedSpan>& spans) override;
  Result<std::optional<GapRecord>> Deleted(StreamId stream) override;
  Result<LastRun> FindLastRun() override;
  Status BeginRun(int64_t run_id, const std::string& boot_id, WallTime now) override;
  Status Beat(int64_t run_id, WallTime now) override;
  Status EndRun(int64_t run_id, WallTime at) override;
  Status AddClockStep(int64_t epoch, WallTime before, WallTime after) override;

 private:
  using Times = std::set<std::pair<int64_t, int64_t>>;  // start and end, microseconds

  Status Finish(StreamId stream, WallTime end);
  void Ended(StreamId stream, int64_t start_us, int64_t end_us);
  Result<const Times*> LongGaps(StreamId stream);
  Status AddEarlier(StreamId stream, int64_t start_us, int64_t first_us,
                    std::vector<GapRecord>* out);

  // The gaps that are over and were long, of the streams that were asked for, so that a question
  // reads neither all that is older nor the rows. Some may have been forgotten since.
  std::map<StreamId, Times> long_gaps_;
  std::shared_ptr<Database> database_;
};

}  // namespace ronin
