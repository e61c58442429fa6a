// SPDX-License-Identifier: MIT
// What retention asks the catalog; see catalog.h.
#include "catalog/segment_row.h"
#include "catalog/sqlite_catalog.h"
#include "sqlite/transaction.h"

namespace ronin {

namespace {

/// @param sql  selects volume, camera, stream, files and bytes
Result<std::vector<LaneTotal>> ReadLaneTotals(Database& database, const char* sql) {
  auto rows = database.Prepare(sql);
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<LaneTotal> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    const StreamKind stream = rows->Text(2) == "sub" ? StreamKind::kSub : StreamKind::kMain;
    out.push_back({{rows->Int(0), rows->Int(1), stream}, rows->Int(3), rows->Int(4)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

}  // namespace

Result<std::vector<LaneTotal>> SqliteCatalog::LaneTotals() {
  return ReadLaneTotals(
      database_,
      "SELECT volume_id, camera_id, stream, sum(files), sum(size_bytes) FROM segment_total "
      "WHERE state <> 'missing' AND files > 0 GROUP BY volume_id, camera_id, stream "
      "ORDER BY volume_id, camera_id, stream");
}

Result<std::vector<LaneTotal>> SqliteCatalog::ProtectedTotals() {
  return ReadLaneTotals(
      database_,
      "SELECT volume_id, camera_id, stream, files, size_bytes FROM protected_total "
      "WHERE files > 0 ORDER BY volume_id, camera_id, stream");
}

Result<std::vector<OldSegment>> SqliteCatalog::Oldest(const Lane& lane, const LanePlace& place,
                                                      int limit) {
  auto rows = database_.Prepare(
      "SELECT id, start_us, coalesce(end_us, start_us), "
      "CASE state WHEN 'missing' THEN 0 ELSE size_bytes END FROM segment "
      "INDEXED BY segment_by_lane WHERE volume_id = ?1 AND camera_id = ?2 AND stream = ?3 "
      "AND (start_us, id) > (?4, ?5) AND start_us < ?6 AND state <> 'recording' AND protected = 0 "
      "ORDER BY start_us, id LIMIT ?7");
  if (!rows) return Fail(std::move(rows.error()));
  rows->Bind(lane.volume_id, lane.camera_id, ToString(lane.stream), ToMicros(place.from),
             place.after_id, ToMicros(place.to), limit);
  std::vector<OldSegment> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    out.push_back({rows->Int(0), FromMicros(rows->Int(1)), FromMicros(rows->Int(2)), rows->Int(3)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<LaneRecorded> SqliteCatalog::RecordedIn(const Lane& lane, WallTime start, WallTime end) {
  auto rows = database_.Prepare(
      "SELECT count(*), coalesce(sum(size_bytes), 0), min(start_us) FROM segment "
      "INDEXED BY segment_by_lane WHERE volume_id = ?1 AND camera_id = ?2 AND stream = ?3 "
      "AND start_us >= ?4 AND start_us < ?5 AND state IN ('complete', 'recovered')");
  if (!rows) return Fail(std::move(rows.error()));
  rows->Bind(lane.volume_id, lane.camera_id, ToString(lane.stream), ToMicros(start), ToMicros(end));
  const auto row = rows->Step();
  if (!row) return Fail(row.error());
  LaneRecorded out{rows->Int(0), rows->Int(1), std::nullopt};
  if (const auto first = rows->OptionalInt(2)) out.first = FromMicros(*first);
  return out;
}

Result<std::optional<WallTime>> SqliteCatalog::NewestStart() {
  auto rows = database_.Prepare("SELECT max(start_us) FROM segment");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Step();
  if (!row) return Fail(row.error());
  const auto newest = rows->OptionalInt(0);
  return newest ? std::optional(FromMicros(*newest)) : std::nullopt;
}

Result<std::vector<Segment>> SqliteCatalog::Doom(const std::vector<int64_t>& ids) {
  auto transaction = Transaction::Begin(database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  auto mark = database_.Prepare(
      "INSERT INTO doomed_segment (segment_id) SELECT id FROM segment WHERE id = ? "
      "AND protected = 0 AND state <> 'recording' "
      "AND id NOT IN (SELECT segment_id FROM file_move) ON CONFLICT DO NOTHING");
  if (!mark) return Fail(std::move(mark.error()));
  auto marked = database_.Prepare("SELECT " RONIN_SEGMENT_COLUMNS
                                  " FROM segment WHERE id = (SELECT segment_id FROM "
                                  "doomed_segment WHERE segment_id = ?)");
  if (!marked) return Fail(std::move(marked.error()));
  std::vector<Segment> out;
  for (const int64_t id : ids) {
    if (auto done = mark->Bind(id).Run(); !done) return Fail(done.error());
    auto found = ReadSegments(marked->Bind(id));
    if (!found) return found;
    for (Segment& segment : *found) out.push_back(std::move(segment));
  }
  if (auto done = transaction->Commit(); !done) return Fail(done.error());
  return out;
}

Status SqliteCatalog::Spare(const std::vector<int64_t>& ids) {
  auto transaction = Transaction::Begin(database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  for (const int64_t id : ids) {
    auto done = database_.Run("DELETE FROM doomed_segment WHERE segment_id = ?", id);
    if (!done) return done;
  }
  return transaction->Commit();
}

Result<std::vector<Segment>> SqliteCatalog::Doomed(int64_t after, int limit) {
  auto rows = database_.Prepare("SELECT " RONIN_SEGMENT_COLUMNS
                                " FROM segment WHERE id IN (SELECT segment_id FROM doomed_segment "
                                "WHERE segment_id > ?1) ORDER BY id LIMIT ?2");
  if (!rows) return Fail(std::move(rows.error()));
  return ReadSegments(rows->Bind(after, limit));
}

}  // namespace ronin
