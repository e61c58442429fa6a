// SPDX-License-Identifier: MIT
#include "support/big_catalog.h"

#include <vector>

#include "base/text.h"
#include "catalog/catalog.h"
#include "sqlite/database.h"
#include "sqlite/transaction.h"

namespace ronin::testing {
namespace {

/// Takes triggers and indexes of `segment` away, and gives the SQL that makes them again: one by
/// one they cost a hundred times as much as at once.
Result<std::vector<std::string>> TakeAway(Database& database) {
  std::vector<std::string> sql, drop;
  {
    auto rows = database.Prepare(
        "SELECT sql, 'DROP ' || type || ' ' || name FROM sqlite_schema WHERE tbl_name = 'segment' "
        "AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type");
    if (!rows) return Fail(std::move(rows.error()));
    auto row = rows->Step();
    for (; row && *row; row = rows->Step()) {
      sql.push_back(rows->Text(0));
      drop.push_back(rows->Text(1));
    }
    if (!row) return Fail(std::move(row.error()));
  }
  for (const std::string& one : drop) {
    if (auto done = database.Execute(one.c_str()); !done) return Fail(std::move(done.error()));
  }
  return sql;
}

Status Fill(Database& database, int64_t segments, int64_t cameras) {
  return database.Run(
      "WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < "
      "?1), "
      "file AS (SELECT n, n % ?2 + 1 AS camera, "
      "?3 - ((?1 - 1 - n) / ?2 + 1) * 900000000 AS start FROM number) "
      "INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, end_us, size_bytes, "
      "frames, state, video_codec, width, height) "
      "SELECT camera, 'main', 1, 'Camera ' || camera || "
      "strftime('/%Y-%m-%d/%H-%M-%S', start / 1000000, 'unixepoch') || '.mp4', start, "
      "start + 900000000, 450000000 + n % 1000, 22500, "
      "CASE WHEN n % 10000 = 17 THEN 'missing' ELSE 'complete' END, 'h264', 1920, 1080 "
      "FROM file WHERE n % 1000 <> 500",
      segments, cameras, ToMicros(kBigCatalogEnd));
}

Status SumUp(Database& database) {
  return database.Execute(
      "INSERT INTO segment_total (volume_id, camera_id, stream, state, files, size_bytes, "
      "longest_us) SELECT volume_id, camera_id, stream, state, count(*), sum(size_bytes), "
      "max(coalesce(end_us - start_us, 0)) FROM segment GROUP BY 1, 2, 3, 4;"
      "INSERT INTO segment_day (camera_id, stream, day, files, size_bytes, recorded_us) "
      "SELECT camera_id, stream, start_us / 86400000000, count(*), sum(size_bytes), "
      "sum(coalesce(end_us - start_us, 0)) "
      "FROM segment WHERE state <> 'missing' GROUP BY 1, 2, 3");
}

}  // namespace

Status MakeBigCatalog(const std::string& path, int64_t segments, int64_t cameras) {
  if (auto catalog = OpenCatalog(path)) {
    const auto volume = (*catalog)->EnsureVolume("/srv/big", "");
    if (!volume) return Fail(volume.error());
  } else {
    return Fail(std::move(catalog.error()));
  }
  auto database = Database::Open(path);
  if (!database) return Fail(std::move(database.error()));
  auto transaction = Transaction::Begin(*database);
  if (!transaction) return Fail(std::move(transaction.error()));
  const auto taken = TakeAway(*database);
  if (!taken) return Fail(taken.error());
  if (auto done = Fill(*database, segments, cameras); !done) return done;
  if (auto done = SumUp(*database); !done) return done;
  for (const std::string& sql : *taken) {
    if (auto done = database->Execute(sql.c_str()); !done) return done;
  }
  return transaction->Commit();
}

}  // namespace ronin::testing
