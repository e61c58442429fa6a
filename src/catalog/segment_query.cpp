// SPDX-License-Identifier: MIT
#include "catalog/segment_query.h"

#include <string>

#include "base/text.h"
#include "catalog/cursor.h"
#include "catalog/segment_row.h"

namespace ronin {
namespace {

constexpr int kMaxLimit = 1000;
constexpr size_t kMaxCameras = 1000;

// Parameters 1 to 6 are fixed; the cameras follow. An open segment goes on for ever; one that is
// missing without an end, or has none but its start, counts where it begins.
std::string Sql(size_t cameras) {
  std::string sql = "SELECT " RONIN_SEGMENT_COLUMNS
                    " FROM segment WHERE start_us < ?2 "
                    "AND (start_us >= ?1 OR end_us > ?1 OR state = 'recording') "
                    "AND (start_us, id) > (?3, ?4) AND (?5 IS NULL OR stream = ?5) ";
  if (cameras > 0) {
    sql += "AND camera_id IN (?7";
    for (size_t i = 1; i < cameras; ++i) sql += Concat(", ?", 7 + i);
    sql += ") ";
  }
  return sql + "ORDER BY start_us, id LIMIT ?6";
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
  auto rows = database.Prepare(Sql(query.camera_ids.size()).c_str());
  if (!rows) return Fail(std::move(rows.error()));
  const auto stream = query.stream ? std::optional(ToString(*query.stream)) : std::nullopt;
  // One more than asked for shows whether there is a next page.
  rows->Bind(query.start ? ToMicros(*query.start) : 0, query.end ? ToMicros(*query.end) : INT64_MAX,
             ToMicros(after.start), after.id, stream, query.limit + 1);
  int index = 7;
  for (const int64_t camera : query.camera_ids) rows->BindAt(index++, camera);
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
