// SPDX-License-Identifier: MIT
#include "config/sqlite_ledger_store.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "sqlite/transaction.h"

namespace ronin {
namespace {

constexpr size_t kMaxDetail = 200;
constexpr int64_t kLongUs = 86'400'000'000;  // a day

#define RONIN_GAP_COLUMNS "camera_id, stream, start_us, end_us, reason, detail, in_file"

std::optional<int64_t> Micros64(const std::optional<WallTime>& time) {
  return time ? std::optional(ToMicros(*time)) : std::nullopt;
}

Result<std::vector<GapRecord>> ReadGaps(Statement& rows) {
  std::vector<GapRecord> out;
  auto row = rows.Step();
  for (; row && *row; row = rows.Step()) {
    GapRecord gap{.camera_id = rows.Int(0), .start = FromMicros(rows.Int(2))};
    if (rows.Text(1) == "sub") gap.stream = StreamKind::kSub;
    if (const auto end = rows.OptionalInt(3)) gap.end = FromMicros(*end);
    gap.cause = {GapReasonFromText(rows.Text(4)), rows.Text(5)};
    gap.in_file = rows.Int(6) != 0;
    out.push_back(std::move(gap));
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Status Insert(Database& database, const GapRecord& gap) {
  return database.Run("INSERT INTO gap (" RONIN_GAP_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)",
                      gap.camera_id, ToString(gap.stream), ToMicros(gap.start), Micros64(gap.end),
                      ToString(gap.cause.reason), gap.cause.detail.substr(0, kMaxDetail),
                      gap.in_file);
}

/// Since when the stream has a gap that lasts; nothing: it has none.
Result<std::optional<int64_t>> LastingSince(Database& database, StreamId stream) {
  auto rows = database.Prepare(
      "SELECT start_us FROM gap WHERE camera_id = ?1 AND stream = ?2 AND end_us IS NULL");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(stream.camera_id, ToString(stream.kind)).Step();
  if (!row) return Fail(row.error());
  return *row ? std::optional(rows->Int(0)) : std::nullopt;
}

}  // namespace

Status SqliteLedgerStore::Finish(StreamId stream, WallTime end) {
  const auto dropped = database_->Run(
      "DELETE FROM gap WHERE camera_id = ?1 AND stream = ?2 AND end_us IS NULL AND start_us >= ?3",
      stream.camera_id, ToString(stream.kind), ToMicros(end));
  if (!dropped) return dropped;
  const auto since_us = LastingSince(*database_, stream);
  if (!since_us) return Fail(since_us.error());
  if (*since_us) Ended(stream, **since_us, ToMicros(end));
  return database_->Run(
      "UPDATE gap SET end_us = ?3 WHERE camera_id = ?1 AND stream = ?2 AND end_us IS NULL",
      stream.camera_id, ToString(stream.kind), ToMicros(end));
}

Status SqliteLedgerStore::BeginGap(StreamId stream, WallTime start, const GapCause& cause) {
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto done = Finish(stream, start); !done) return done;
  auto added = Insert(*database_, {.camera_id = stream.camera_id,
                                   .stream = stream.kind,
                                   .start = start,
                                   .end = {},
                                   .cause = cause});
  if (!added) return added;
  return transaction->Commit();
}

Status SqliteLedgerStore::EndGap(StreamId stream, WallTime end) {
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto done = Finish(stream, end); !done) return done;
  return transaction->Commit();
}

Status SqliteLedgerStore::AddGaps(const std::vector<GapRecord>& gaps) {
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  for (const GapRecord& gap : gaps) {
    if (gap.end && *gap.end <= gap.start) continue;
    if (auto added = Insert(*database_, gap); !added) return added;
    if (gap.end) Ended(gap.stream_id(), ToMicros(gap.start), ToMicros(*gap.end));
  }
  return transaction->Commit();
}

Result<std::vector<GapRecord>> SqliteLedgerStore::Gaps(StreamId stream, WallTime start,
                                                       WallTime end) {
  // Those that begin earlier reach into the time only when they are long, or last.
  const int64_t first_us = ToMicros(start) - kLongUs;
  std::vector<GapRecord> out;
  if (auto added = AddEarlier(stream, ToMicros(start), first_us, &out); !added) {
    return Fail(std::move(added.error()));
  }
  std::erase_if(out, [end](const GapRecord& gap) { return gap.start >= end; });
  auto rows = database_->Prepare("SELECT " RONIN_GAP_COLUMNS
                                 " FROM gap WHERE camera_id = ?1 AND stream = ?2 "
                                 "AND start_us >= ?5 AND start_us < ?4 "
                                 "AND (end_us > ?3 OR end_us IS NULL) ORDER BY start_us, id");
  if (!rows) return Fail(std::move(rows.error()));
  rows->Bind(stream.camera_id, ToString(stream.kind), ToMicros(start), ToMicros(end), first_us);
  auto later = ReadGaps(*rows);
  if (!later) return later;
  std::ranges::move(*later, std::back_inserter(out));
  return out;
}

/// The gaps that begin before `first_us` and reach beyond `start_us`, ascending.
Status SqliteLedgerStore::AddEarlier(StreamId stream, int64_t start_us, int64_t first_us,
                                     std::vector<GapRecord>* out) {
  const auto known = LongGaps(stream);
  if (!known) return Fail(known.error());
  auto rows = database_->Prepare("SELECT " RONIN_GAP_COLUMNS
                                 " FROM gap WHERE camera_id = ?1 AND stream = ?2 "
                                 "AND start_us = ?3 AND end_us IS ?4 ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  const auto add = [&](int64_t gap_start_us, std::optional<int64_t> gap_end_us) -> Status {
    rows->Bind(stream.camera_id, ToString(stream.kind), gap_start_us, gap_end_us);
    auto found = ReadGaps(*rows);
    if (!found) return Fail(std::move(found.error()));
    std::ranges::move(*found, std::back_inserter(*out));
    return {};
  };
  for (const auto& [gap_start_us, gap_end_us] : **known) {
    if (gap_start_us >= first_us) break;
    if (gap_end_us <= start_us) continue;
    if (auto added = add(gap_start_us, gap_end_us); !added) return added;
  }
  const auto lasting_us = LastingSince(*database_, stream);
  if (!lasting_us) return Fail(lasting_us.error());
  if (*lasting_us && **lasting_us < first_us) {
    if (auto added = add(**lasting_us, std::nullopt); !added) return added;
  }
  std::ranges::stable_sort(*out, {}, &GapRecord::start);
  return {};
}

/// Looks through all gaps of the stream at the first call only.
Result<const SqliteLedgerStore::Times*> SqliteLedgerStore::LongGaps(StreamId stream) {
  const auto known = long_gaps_.find(stream);
  if (known != long_gaps_.end()) return &known->second;
  auto rows = database_->Prepare(
      "SELECT start_us, end_us FROM gap WHERE camera_id = ?1 AND stream = ?2 "
      "AND end_us - start_us >= ?3");
  if (!rows) return Fail(std::move(rows.error()));
  Times found;
  auto row = rows->Bind(stream.camera_id, ToString(stream.kind), kLongUs).Step();
  for (; row && *row; row = rows->Step()) found.emplace(rows->Int(0), rows->Int(1));
  if (!row) return Fail(std::move(row.error()));
  return &(long_gaps_[stream] = std::move(found));
}

/// A gap that was written down is over.
void SqliteLedgerStore::Ended(StreamId stream, int64_t start_us, int64_t end_us) {
  const auto known = long_gaps_.find(stream);
  if (known != long_gaps_.end() && end_us - start_us >= kLongUs) {
    known->second.emplace(start_us, end_us);
  }
}

Status SqliteLedgerStore::TrimGaps(int64_t keep) {
  return database_->Run(
      "DELETE FROM gap WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
      "(PARTITION BY camera_id, stream ORDER BY start_us DESC, id DESC) AS age FROM gap) WHERE age "
      "> ?)",
      keep);
}

Status SqliteLedgerStore::AddDeleted(const std::vector<DeletedSpan>& spans) {
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  for (const DeletedSpan& span : spans) {
    auto done = database_->Run(
        "INSERT INTO deleted_span (camera_id, stream, start_us, end_us) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT (camera_id, stream) DO UPDATE SET start_us = min(start_us, "
        "excluded.start_us), end_us = max(end_us, excluded.end_us)",
        span.stream.camera_id, ToString(span.stream.kind), ToMicros(span.start),
        ToMicros(span.end));
    if (!done) return done;
  }
  return transaction->Commit();
}

Result<std::optional<GapRecord>> SqliteLedgerStore::Deleted(StreamId stream) {
  auto rows = database_->Prepare(
      "SELECT start_us, end_us FROM deleted_span WHERE camera_id = ? AND stream = ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(stream.camera_id, ToString(stream.kind)).Step();
  if (!row) return Fail(row.error());
  if (!*row) return std::nullopt;
  return GapRecord{stream.camera_id,
                   stream.kind,
                   FromMicros(rows->Int(0)),
                   FromMicros(rows->Int(1)),
                   {GapReason::kDeleted, "retention"},
                   false};
}

Result<LastRun> SqliteLedgerStore::FindLastRun() {
  LastRun out;
  auto runs = database_->Prepare(
      "SELECT id, boot_id, started_us, alive_us, clean FROM run ORDER BY id DESC LIMIT 1");
  if (!runs) return Fail(std::move(runs.error()));
  const auto row = runs->Step();
  if (!row) return Fail(row.error());
  if (*row) {
    out.last = RunRecord{runs->Int(0), runs->Text(1), FromMicros(runs->Int(2)),
                         FromMicros(runs->Int(3)), runs->Int(4) != 0};
    out.next_id = out.last->id + 1;
  }
  auto gaps =
      database_->Prepare("SELECT " RONIN_GAP_COLUMNS " FROM gap WHERE end_us IS NULL ORDER BY id");
  if (!gaps) return Fail(std::move(gaps.error()));
  auto lasting = ReadGaps(*gaps);
  if (!lasting) return Fail(std::move(lasting.error()));
  out.lasting = std::move(*lasting);
  auto steps = database_->Prepare("SELECT coalesce(max(id), 0) FROM clock_step");
  if (!steps) return Fail(std::move(steps.error()));
  if (const auto step = steps->Step(); !step) return Fail(step.error());
  out.clock_epoch = steps->Int(0);
  return out;
}

Status SqliteLedgerStore::BeginRun(int64_t run_id, const std::string& boot_id, WallTime now) {
  auto added = database_->Run(
      "INSERT INTO run (id, boot_id, started_us, alive_us, clean) VALUES (?1, ?2, ?3, ?3, 0)",
      run_id, boot_id.substr(0, 100), ToMicros(now));
  if (!added) return added;
  return database_->Run("DELETE FROM run WHERE id <= ?", run_id - 100);
}

Status SqliteLedgerStore::Beat(int64_t run_id, WallTime now) {
  return database_->Run("UPDATE run SET alive_us = ?2 WHERE id = ?1", run_id, ToMicros(now));
}

Status SqliteLedgerStore::EndRun(int64_t run_id, WallTime at) {
  return database_->Run("UPDATE run SET alive_us = ?2, clean = 1 WHERE id = ?1", run_id,
                        ToMicros(at));
}

Status SqliteLedgerStore::AddClockStep(int64_t epoch, WallTime before, WallTime after) {
  auto added = database_->Run("INSERT INTO clock_step (id, before_us, after_us) VALUES (?, ?, ?)",
                              epoch, ToMicros(before), ToMicros(after));
  if (!added) return added;
  return database_->Run("DELETE FROM clock_step WHERE id <= ?", epoch - 1000);
}

}  // namespace ronin
