// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
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
  Status Finish(StreamId stream, WallTime end);

  std::shared_ptr<Database> database_;
};

}  // namespace ronin
