// SPDX-License-Identifier: MIT
// What SqliteCatalog knows of files that are moved from one volume to another.
#include "base/text.h"
#include "catalog/segment_row.h"
#include "catalog/sqlite_catalog.h"

namespace ronin {

Result<std::vector<Segment>> SqliteCatalog::Movable(int64_t volume_id, WallTime before, int limit) {
  auto rows = database_.Prepare(
      "SELECT " RONIN_SEGMENT_COLUMNS
      " FROM segment INDEXED BY segment_movable WHERE volume_id = ?1 AND start_us < ?2 "
      "AND state IN ('complete', 'recovered') AND id NOT IN (SELECT segment_id FROM file_move) "
      "AND id NOT IN (SELECT segment_id FROM doomed_segment) ORDER BY start_us LIMIT ?3");
  if (!rows) return Fail(std::move(rows.error()));
  rows->Bind(volume_id, ToMicros(before), limit);
  return ReadSegments(*rows);
}

Result<int64_t> SqliteCatalog::CountMovable(int64_t volume_id, WallTime before) {
  auto rows = database_.Prepare(
      "SELECT count(*) FROM segment INDEXED BY segment_movable WHERE volume_id = ?1 "
      "AND start_us < ?2 AND state IN ('complete', 'recovered')");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(volume_id, ToMicros(before)).Step();
  if (!row) return Fail(row.error());
  return rows->Int(0);
}

Status SqliteCatalog::BeginMove(const FileMove& move) {
  auto doomed = database_.Prepare("SELECT 1 FROM doomed_segment WHERE segment_id = ?");
  if (!doomed) return Fail(std::move(doomed.error()));
  const auto goes = doomed->Bind(move.segment_id).Step();
  if (!goes) return Fail(goes.error());
  if (*goes) {
    return Fail(ErrorKind::kConflict,
                Concat("recording ", move.segment_id, " is about to be deleted"));
  }
  auto rows = database_.Prepare("SELECT 1 FROM segment WHERE volume_id = ?1 AND rel_path = ?2");
  if (!rows) return Fail(std::move(rows.error()));
  const auto taken = rows->Bind(move.to_volume_id, move.to_path).Step();
  if (!taken) return Fail(taken.error());
  if (*taken) {
    return Fail(ErrorKind::kConflict,
                Concat("the catalog has a row for \"", move.to_path, "\" already"));
  }
  return database_.Run(
      "INSERT INTO file_move (segment_id, from_volume_id, from_path, to_volume_id, to_path) "
      "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (segment_id) DO UPDATE SET to_path = ?5",
      move.segment_id, move.from_volume_id, move.from_path, move.to_volume_id, move.to_path);
}

Status SqliteCatalog::CommitMove(int64_t segment_id) {
  // One statement, so one transaction.
  auto done = database_.Run(
      "UPDATE segment SET volume_id = m.to_volume_id, rel_path = m.to_path FROM file_move m "
      "WHERE segment.id = ?1 AND m.segment_id = ?1 AND segment.volume_id = m.from_volume_id "
      "AND segment.rel_path = m.from_path AND segment.state IN ('complete', 'recovered')",
      segment_id);
  if (done && database_.changes() == 0) {
    return Fail(ErrorKind::kConflict,
                Concat("recording ", segment_id, " is not where it was any more"));
  }
  return done;
}

Status SqliteCatalog::EndMove(int64_t segment_id) {
  return database_.Run("DELETE FROM file_move WHERE segment_id = ?", segment_id);
}

Result<std::vector<FileMove>> SqliteCatalog::Moves() {
  auto rows = database_.Prepare(
      "SELECT segment_id, from_volume_id, from_path, to_volume_id, to_path FROM file_move "
      "ORDER BY segment_id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<FileMove> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    out.push_back({rows->Int(0), rows->Int(1), rows->Text(2), rows->Int(3), rows->Text(4)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<bool> SqliteCatalog::IsMoving(int64_t volume_id, const std::string& rel_path) {
  auto rows = database_.Prepare(  // it has a row for each archive at most
      "SELECT 1 FROM file_move WHERE (from_volume_id = ?1 AND from_path = ?2) "
      "OR (to_volume_id = ?1 AND to_path = ?2)");
  if (!rows) return Fail(std::move(rows.error()));
  return rows->Bind(volume_id, rel_path).Step();
}

}  // namespace ronin
