// SPDX-License-Identifier: MIT
#include "catalog/segment_sums.h"

#include "catalog/segment_row.h"

namespace ronin {
namespace {

constexpr int64_t kDayUs = 86'400'000'000;

StreamKind StreamFromText(const std::string& text) {
  return text == "sub" ? StreamKind::kSub : StreamKind::kMain;
}

/// The first one that begins at `time` or later, in days since 1970.
int64_t FirstDay(WallTime time) {
  return ToMicros(std::chrono::ceil<std::chrono::days>(time)) / kDayUs;
}

}  // namespace

Result<std::vector<SegmentTotal>> ReadTotals(Database& database) {
  auto rows = database.Prepare(
      "SELECT volume_id, camera_id, stream, state, files, size_bytes FROM segment_total "
      "WHERE files > 0 ORDER BY volume_id, camera_id, stream, state");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<SegmentTotal> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    out.push_back({rows->Int(0), rows->Int(1), StreamFromText(rows->Text(2)),
                   SegmentStateFromText(rows->Text(3)), rows->Int(4), rows->Int(5)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<std::vector<DayTotal>> ReadDays(Database& database, WallTime start, WallTime end) {
  // CROSS JOIN: from each stream to its days, not through all days of all streams.
  auto rows = database.Prepare(
      "SELECT day, camera_id, sum(day.files), sum(day.size_bytes) FROM "
      "(SELECT DISTINCT camera_id, stream FROM segment_total) CROSS JOIN segment_day AS day "
      "USING (camera_id, stream) WHERE day.day >= ?1 AND day.day < ?2 "
      "GROUP BY day, camera_id ORDER BY day, camera_id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<DayTotal> out;
  auto row = rows->Bind(FirstDay(start), FirstDay(end)).Step();
  for (; row && *row; row = rows->Step()) {
    out.push_back({FromMicros(rows->Int(0) * kDayUs), rows->Int(1), rows->Int(2), rows->Int(3)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<std::vector<WallTime>> ReadWholeDays(Database& database, StreamId stream, WallTime start,
                                            WallTime end) {
  // The last file of a day may reach into the next one, so more than a day is right, too; much more
  // is a clock that was set back, which hides holes.
  auto rows = database.Prepare(
      "SELECT day FROM segment_day WHERE camera_id = ?1 AND stream = ?2 AND day >= ?3 "
      "AND day < ?4 AND recorded_us BETWEEN 82800000000 AND 90000000000 ORDER BY day");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<WallTime> out;
  auto row =
      rows->Bind(stream.camera_id, ToString(stream.kind), FirstDay(start), FirstDay(end)).Step();
  for (; row && *row; row = rows->Step()) out.push_back(FromMicros(rows->Int(0) * kDayUs));
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<std::vector<StreamReach>> ReadReach(Database& database) {
  // Only the rows of the first and of the last day that has files are looked through.
  auto rows = database.Prepare(
      "SELECT camera_id, stream, "
      "(SELECT start_us FROM segment WHERE camera_id = one.camera_id AND stream = one.stream "
      "AND start_us >= (SELECT min(day) FROM segment_day WHERE camera_id = one.camera_id "
      "AND stream = one.stream) * 86400000000 AND state <> 'missing' "
      "ORDER BY start_us LIMIT 1) AS oldest, "
      "(SELECT coalesce(end_us, start_us) FROM segment WHERE camera_id = one.camera_id "
      "AND stream = one.stream AND start_us < (SELECT max(day) + 1 FROM segment_day "
      "WHERE camera_id = one.camera_id AND stream = one.stream) * 86400000000 "
      "AND state <> 'missing' ORDER BY start_us DESC LIMIT 1) AS newest "
      "FROM (SELECT DISTINCT camera_id, stream FROM segment_total "
      "WHERE files > 0 AND state <> 'missing') AS one ORDER BY camera_id, stream");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<StreamReach> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    if (rows->IsNull(2) || rows->IsNull(3)) continue;
    out.push_back({rows->Int(0), StreamFromText(rows->Text(1)), FromMicros(rows->Int(2)),
                   FromMicros(rows->Int(3))});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

}  // namespace ronin
