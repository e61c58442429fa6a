// SPDX-License-Identifier: MIT
#include "catalog/segment_query.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "catalog/cursor.h"
#include "catalog/segment_row.h"

namespace ronin {
namespace {

constexpr int kMaxLimit = 1000;
constexpr size_t kMaxCameras = 1000;

// More cameras than these are looked for among the rows of all.
constexpr size_t kFewCameras = 8;

// Parameters 1 to 7 are fixed; the cameras follow. An open segment goes on for ever; one that is
// missing without an end, or has none but its start, counts where it begins. No file that has an
// end is longer than `?1 - ?6`, so rows before ?6 count only when they are open, and those before
// the cursor never: ?5 is the later of the two.
constexpr const char* kOverlaps =
    " WHERE start_us >= ?5 AND start_us < ?2 AND (start_us >= ?1 OR end_us > ?1 "
    "OR state = 'recording') AND (start_us > ?3 OR id > ?4)";

// Few, and found by an index of their own.
constexpr const char* kProtected =
    " INDEXED BY segment_protected WHERE protected = 1 AND start_us < ?2 AND (start_us >= ?1 "
    "OR end_us > ?1 OR state = 'recording') AND (start_us, id) > (?3, ?4)";

std::string CamerasIn(size_t cameras) {
  if (cameras == 0) return "";
  std::string sql = " AND camera_id IN (?8";
  for (size_t i = 1; i < cameras; ++i) sql += Concat(", ?", 8 + i);
  return sql + ")";
}

// Each part comes in the order of the list, so that they are merged and no more rows are read than
// the page has, however many there are.
std::string Sql(size_t cameras, std::optional<StreamKind> stream,
                std::optional<bool> is_protected) {
  const std::string select = "SELECT " RONIN_SEGMENT_COLUMNS " FROM segment";
  if (is_protected == true) {
    std::string sql = select + kProtected + CamerasIn(cameras);
    if (stream) sql += Concat(" AND stream = '", ToString(*stream), "'");
    return sql + " ORDER BY start_us, id LIMIT ?7";
  }
  std::string filter = CamerasIn(cameras);
  if (is_protected) filter += " AND protected = 0";
  std::string sql = select +
                    " INDEXED BY segment_unfinished WHERE state = 'recording' AND start_us < ?6 "
                    "AND start_us < ?2 AND (start_us, id) > (?3, ?4)" +
                    filter;
  if (stream) sql += Concat(" AND stream = '", ToString(*stream), "'");
  if (cameras == 0 || cameras > kFewCameras) {
    sql += Concat(" UNION ALL ", select, " INDEXED BY segment_by_start", kOverlaps, filter);
    if (stream) sql += Concat(" AND stream = '", ToString(*stream), "'");
  } else {
    for (size_t i = 0; i < cameras; ++i) {
      for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
        if (stream && *stream != kind) continue;
        sql += Concat(" UNION ALL ", select, " INDEXED BY segment_by_camera", kOverlaps,
                      " AND camera_id = ?", 8 + i, " AND stream = '", ToString(kind), "'",
                      is_protected ? " AND protected = 0" : "");
      }
    }
  }
  return sql + " ORDER BY start_us, id LIMIT ?7";
}

/// No file with an end is longer.
Result<int64_t> LongestMicros(Database& database) {
  auto rows = database.Prepare("SELECT coalesce(max(longest_us), 0) FROM segment_total");
  if (!rows) return Fail(std::move(rows.error()));
  if (const auto row = rows->Step(); !row) return Fail(row.error());
  return rows->Int(0);
}

Status Check(const SegmentQuery& query) {
  if (query.limit < 1 || query.limit > kMaxLimit) {
    return Fail(ErrorKind::kInvalidArgument, Concat("limit must be from 1 to ", kMaxLimit));
  }
  if (query.camera_ids.size() > kMaxCameras) {
    return Fail(ErrorKind::kInvalidArgument, Concat("at most ", kMaxCameras, " cameras at once"));
  }
  return {};
}

}  // namespace

Result<SegmentPage> ListSegments(Database& database, const SegmentQuery& query) {
  if (auto good = Check(query); !good) return Fail(std::move(good.error()));
  Cursor after{FromMicros(-1), 0};
  if (!query.after.empty()) {
    const auto parsed = Cursor::Parse(query.after);
    if (!parsed) return Fail(parsed.error());
    after = *parsed;
  }
  const auto longest_us = LongestMicros(database);
  if (!longest_us) return Fail(longest_us.error());
  // One that is named twice would be listed twice.
  const std::set<int64_t> cameras(query.camera_ids.begin(), query.camera_ids.end());
  auto rows = database.Prepare(Sql(cameras.size(), query.stream, query.is_protected).c_str());
  if (!rows) return Fail(std::move(rows.error()));
  const int64_t start_us = query.start ? ToMicros(*query.start) : 0;
  const int64_t first_us = start_us - *longest_us;
  // One more than asked for shows whether there is a next page.
  rows->Bind(start_us, query.end ? ToMicros(*query.end) : INT64_MAX, ToMicros(after.start),
             after.id, std::max(first_us, ToMicros(after.start)), first_us, query.limit + 1);
  int index = 8;
  for (const int64_t camera : cameras) rows->BindAt(index++, camera);
  auto items = ReadSegments(*rows);
  if (!items) return Fail(std::move(items.error()));
  SegmentPage page{std::move(*items), std::nullopt};
  if (page.items.size() > size_t(query.limit)) {
    page.items.pop_back();
    page.next = Cursor{page.items.back().start, page.items.back().id}.ToString();
  }
  return page;
}

}  // namespace ronin
