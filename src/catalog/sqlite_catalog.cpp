// SPDX-License-Identifier: MIT
#include "catalog/sqlite_catalog.h"

#include "base/text.h"
#include "catalog/segment_query.h"
#include "catalog/segment_row.h"
#include "catalog/segment_sums.h"
#include "sqlite/transaction.h"

namespace ronin {
namespace {

std::optional<int64_t> UnlessZero(int value) {
  return value != 0 ? std::optional<int64_t>(value) : std::nullopt;
}

struct ClockColumns {
  std::optional<int64_t> offset_us;
  std::optional<int64_t> drift_us;
};

ClockColumns ColumnsOf(const std::optional<CameraClock>& clock) {
  ClockColumns out;
  if (clock) out.offset_us = clock->offset.count();
  if (clock && clock->drift) out.drift_us = clock->drift->count();
  return out;
}

Error NoSuchSegment(int64_t id) {
  return Error{ErrorKind::kNotFound, Concat("there is no recording ", id)};
}

tl::unexpected<Error> InWords(const Error& error, const std::string& rel_path) {
  if (error.kind != ErrorKind::kConflict) return Fail(error);
  return Fail(error.kind, Concat("the catalog has a row for \"", rel_path, "\" already"),
              error.cause);
}

Status Insert(Database& database, const Segment& s, int64_t least_id, const char* on_conflict) {
  std::optional<int64_t> end_us;
  if (s.end) end_us = ToMicros(*s.end);
  const SegmentVideo video = s.video.value_or(SegmentVideo{});
  const SegmentAudio audio = s.audio.value_or(SegmentAudio{});
  const auto video_codec = s.video ? std::optional(video.codec) : std::nullopt;
  const auto audio_codec = s.audio ? std::optional(audio.codec) : std::nullopt;
  const ClockColumns clock = ColumnsOf(s.camera_clock);
  const std::string sql = Concat(
      "INSERT INTO segment (id, camera_id, stream, volume_id, rel_path, start_us, end_us, "
      "size_bytes, "
      "frames, state, video_codec, width, height, audio_codec, audio_rate_hz, audio_channels, "
      "protected, suspect, camera_clock_offset_us, camera_clock_drift_us, clock_epoch) "
      "VALUES ((SELECT max(coalesce(max(id), 0) + 1, ?) FROM segment), "
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      on_conflict);
  return database.Run(sql.c_str(), least_id, s.camera_id, ToString(s.stream), s.volume_id,
                      s.rel_path, ToMicros(s.start), end_us, s.size_bytes, s.frames,
                      ToString(s.state), video_codec, UnlessZero(video.width),
                      UnlessZero(video.height), audio_codec, UnlessZero(audio.sample_rate_hz),
                      UnlessZero(audio.channels), s.is_protected, s.is_suspect, clock.offset_us,
                      clock.drift_us, s.clock_epoch);
}

/// Of a statement that is bound and selects start, end, frames and state.
Status VisitSpans(Statement& rows, const std::function<void(const SegmentSpan&)>& visit) {
  auto row = rows.Step();
  for (; row && *row; row = rows.Step()) {
    SegmentSpan span{.start = FromMicros(rows.Int(0)), .end = {}, .frames = rows.OptionalInt(2)};
    if (const auto end_us = rows.OptionalInt(1)) span.end = FromMicros(*end_us);
    span.state = SegmentStateFromText(rows.Text(3));
    visit(span);
  }
  if (!row) return Fail(std::move(row.error()));
  return {};
}

}  // namespace

Result<int64_t> SqliteCatalog::EnsureVolume(const std::string& path, const std::string& uuid) {
  // The one with this uuid first, then the one that is not known by any uuid yet.
  auto rows = database_.Prepare(
      uuid.empty() ? "SELECT id, path, uuid FROM volume WHERE path = ?1 AND ?2 = '' ORDER BY id"
                   : "SELECT id, path, uuid FROM volume WHERE uuid = ?2 OR (uuid IS NULL AND "
                     "path = ?1) ORDER BY uuid IS NULL, id");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(path, uuid).Step();
  if (!row) return Fail(row.error());
  if (*row) {
    const int64_t id = rows->Int(0);
    if (rows->Text(1) == path && rows->Text(2) == uuid) return id;
    if (uuid.empty()) return id;
    const auto done =
        database_.Run("UPDATE volume SET path = ?2, uuid = ?3 WHERE id = ?1", id, path, uuid);
    if (!done) return Fail(done.error());
    return id;
  }
  const auto done = database_.Run("INSERT INTO volume (path, uuid) VALUES (?, ?)", path,
                                  uuid.empty() ? std::nullopt : std::optional(uuid));
  if (!done) return Fail(done.error());
  return database_.last_insert_id();
}

Result<std::vector<CatalogVolume>> SqliteCatalog::Volumes() {
  auto rows = database_.Prepare("SELECT id, path, uuid FROM volume ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<CatalogVolume> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    out.push_back({rows->Int(0), rows->Text(1), rows->Text(2)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<int64_t> SqliteCatalog::BeginSegment(const SegmentStart& start) {
  Segment segment;
  static_cast<SegmentStart&>(segment) = start;
  auto id = Adopt(segment);
  if (!id) return id;
  if (auto done = TrimEnds(start.camera_id, start.stream, start.start); !done) {
    return Fail(done.error());
  }
  return id;
}

Status SqliteCatalog::Together(const std::function<Status()>& changes) {
  auto transaction = Transaction::Begin(database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto done = changes(); !done) return done;
  return transaction->Commit();
}

Result<int64_t> SqliteCatalog::Adopt(const Segment& segment) {
  if (auto done = Insert(database_, segment, least_id_, ""); !done) {
    return InWords(done.error(), segment.rel_path);
  }
  return database_.last_insert_id();
}

Status SqliteCatalog::AdoptAll(const std::vector<Segment>& segments) {
  auto transaction = Transaction::Begin(database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  for (const Segment& segment : segments) {
    auto done =
        Insert(database_, segment, least_id_, " ON CONFLICT (volume_id, rel_path) DO NOTHING");
    if (!done) return done;
    done = TrimEnds(segment.camera_id, segment.stream, segment.start);
    if (!done) return done;
    done = TrimToNext(segment.camera_id, segment.stream, segment.start);
    if (!done) return done;
  }
  return transaction->Commit();
}

Status SqliteCatalog::OneRow(Status done, int64_t id) const {
  if (done && database_.changes() == 0) return Fail(NoSuchSegment(id));
  return done;
}

Status SqliteCatalog::FinishSegment(int64_t id, WallTime end, int64_t size_bytes,
                                    std::optional<int64_t> frames, SegmentState state) {
  if (state != SegmentState::kComplete && state != SegmentState::kRecovered) {
    return Fail(ErrorKind::kInvalidArgument, "a recording can only finish complete or recovered");
  }
  const auto segment = Get(id);
  if (!segment) return Fail(segment.error());
  auto done = OneRow(database_.Run("UPDATE segment SET end_us = ?2, size_bytes = ?3, frames = ?4, "
                                   "state = ?5 WHERE id = ?1",
                                   id, ToMicros(end), size_bytes, frames, ToString(state)),
                     id);
  if (!done) return done;
  // What began while this one was open may begin a little before its end.
  return TrimToNext(segment->camera_id, segment->stream, segment->start);
}

Status SqliteCatalog::TrimToNext(int64_t camera_id, StreamKind stream, WallTime start) {
  auto next = database_.Prepare(
      "SELECT min(start_us) FROM segment WHERE camera_id = ?1 AND stream = ?2 AND start_us > ?3");
  if (!next) return Fail(std::move(next.error()));
  const auto row = next->Bind(camera_id, ToString(stream), ToMicros(start)).Step();
  if (!row) return Fail(row.error());
  if (next->IsNull(0)) return {};
  return TrimEnds(camera_id, stream, FromMicros(next->Int(0)));
}

Status SqliteCatalog::TrimEnds(int64_t camera_id, StreamKind stream, WallTime start) {
  // After a crash the clock of the new connection is mapped anew, and may differ by its delay.
  constexpr int64_t kSlackUs = 1'000'000;
  return database_.Run(
      "UPDATE segment SET end_us = ?3 WHERE camera_id = ?1 AND stream = ?2 AND start_us < ?3 AND "
      "start_us > ?3 - 7200000000 AND end_us > ?3 AND end_us < ?3 + ?4",
      camera_id, ToString(stream), ToMicros(start), kSlackUs);
}

Status SqliteCatalog::SetState(int64_t id, SegmentState state) {
  if (state == SegmentState::kRecording) {
    return Fail(ErrorKind::kInvalidArgument, "a recording cannot be opened again");
  }
  return OneRow(database_.Run("UPDATE segment SET state = ?2 WHERE id = ?1", id, ToString(state)),
                id);
}

Status SqliteCatalog::SetMissing(const std::vector<int64_t>& ids) {
  auto transaction = Transaction::Begin(database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  auto update = database_.Prepare("UPDATE segment SET state = 'missing' WHERE id = ?");
  if (!update) return Fail(std::move(update.error()));
  for (const int64_t id : ids) {
    if (auto done = update->Bind(id).Run(); !done) return done;
  }
  return transaction->Commit();
}

Status SqliteCatalog::SetSuspect(int64_t id) {
  return OneRow(database_.Run("UPDATE segment SET suspect = 1 WHERE id = ?", id), id);
}

Status SqliteCatalog::SetCameraClock(int64_t id, const CameraClock& clock) {
  const ClockColumns columns = ColumnsOf(clock);
  return OneRow(database_.Run("UPDATE segment SET camera_clock_offset_us = ?2, "
                              "camera_clock_drift_us = ?3 WHERE id = ?1",
                              id, columns.offset_us, columns.drift_us),
                id);
}

Status SqliteCatalog::SetAudio(int64_t id, const std::optional<SegmentAudio>& audio) {
  const auto codec = audio ? std::optional(audio->codec) : std::nullopt;
  const SegmentAudio format = audio.value_or(SegmentAudio{});
  return OneRow(
      database_.Run("UPDATE segment SET audio_codec = ?2, audio_rate_hz = ?3, "
                    "audio_channels = ?4 WHERE id = ?1",
                    id, codec, UnlessZero(format.sample_rate_hz), UnlessZero(format.channels)),
      id);
}

Status SqliteCatalog::SetProtected(int64_t id, bool is_protected) {
  auto done = database_.Run(
      "UPDATE segment SET protected = ?2 WHERE id = ?1 AND (?2 = 0 OR NOT EXISTS (SELECT 1 FROM "
      "doomed_segment WHERE segment_id = ?1))",
      id, is_protected);
  if (!done || database_.changes() > 0) return done;
  if (const auto segment = Get(id); !segment) return Fail(segment.error());
  return Fail(ErrorKind::kConflict, Concat("recording ", id, " is being deleted already"));
}

Status SqliteCatalog::Forget(int64_t id) {
  return OneRow(database_.Run("DELETE FROM segment WHERE id = ?", id), id);
}

Status SqliteCatalog::ForgetAll(const std::vector<int64_t>& ids) {
  auto transaction = Transaction::Begin(database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  auto drop = database_.Prepare("DELETE FROM segment WHERE id = ?");
  if (!drop) return Fail(std::move(drop.error()));
  for (const int64_t id : ids) {
    if (auto done = drop->Bind(id).Run(); !done) return done;
  }
  return transaction->Commit();
}

Result<Segment> SqliteCatalog::Get(int64_t id) {
  auto rows = database_.Prepare("SELECT " RONIN_SEGMENT_COLUMNS " FROM segment WHERE id = ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(id).Step();
  if (!row) return Fail(row.error());
  if (!*row) return Fail(NoSuchSegment(id));
  return SegmentFromRow(*rows);
}

Result<SegmentPage> SqliteCatalog::List(const SegmentQuery& query) {
  return ListSegments(database_, query);
}

Status SqliteCatalog::ForEachSpan(int64_t camera_id, StreamKind stream, WallTime start,
                                  WallTime end,
                                  const std::function<void(const SegmentSpan&)>& visit) {
  // No file is longer than `longest_us`, so those that begin earlier are not read, however many;
  // but for those without an end, which have an index of their own. Two statements: one would sort
  // rows that are in order already, and years of a camera are hundreds of thousands.
  auto bound = database_.Prepare(
      "SELECT ?3 - coalesce(max(longest_us), 0) FROM segment_total WHERE camera_id = ?1 "
      "AND stream = ?2");
  if (!bound) return Fail(std::move(bound.error()));
  const auto bounded = bound->Bind(camera_id, ToString(stream), ToMicros(start)).Step();
  if (!bounded) return Fail(bounded.error());
  for (const char* sql :
       {"SELECT start_us, end_us, frames, state FROM segment INDEXED BY segment_unfinished "
        "WHERE state = 'recording' AND camera_id = ?1 AND stream = ?2 AND start_us < min(?4, ?5) "
        "AND ?3 = ?3 ORDER BY start_us, id",
        "SELECT start_us, end_us, frames, state FROM segment INDEXED BY segment_by_camera "
        "WHERE camera_id = ?1 AND stream = ?2 AND start_us >= ?5 AND start_us < ?4 "
        "AND (start_us >= ?3 OR end_us > ?3 OR state = 'recording') ORDER BY start_us"}) {
    auto rows = database_.Prepare(sql);
    if (!rows) return Fail(std::move(rows.error()));
    rows->Bind(camera_id, ToString(stream), ToMicros(start), ToMicros(end), bound->Int(0));
    if (auto read = VisitSpans(*rows, visit); !read) return read;
  }
  return {};
}

Result<std::vector<Segment>> SqliteCatalog::StartingAt(int64_t camera_id, StreamKind stream,
                                                       WallTime start) {
  auto rows = database_.Prepare("SELECT " RONIN_SEGMENT_COLUMNS
                                " FROM segment WHERE camera_id = ? AND stream = ? AND start_us = ? "
                                "ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  rows->Bind(camera_id, ToString(stream), ToMicros(start));
  return ReadSegments(*rows);
}

Result<std::optional<WallTime>> SqliteCatalog::FirstStart(int64_t camera_id, StreamKind stream) {
  auto rows =
      database_.Prepare("SELECT min(start_us) FROM segment WHERE camera_id = ?1 AND stream = ?2");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(camera_id, ToString(stream)).Step();
  if (!row) return Fail(row.error());
  const auto first = rows->OptionalInt(0);
  return first ? std::optional(FromMicros(*first)) : std::nullopt;
}

Result<std::vector<Segment>> SqliteCatalog::Unfinished() {
  auto rows = database_.Prepare("SELECT " RONIN_SEGMENT_COLUMNS
                                " FROM segment WHERE state = 'recording' ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  return ReadSegments(*rows);
}

Result<std::vector<FileRow>> SqliteCatalog::Files(int64_t volume_id, const std::string& after,
                                                  const std::string& before, int limit) {
  auto rows = database_.Prepare(
      "SELECT id, rel_path, state, size_bytes FROM segment WHERE volume_id = ? AND rel_path > ? "
      "AND rel_path < ? ORDER BY rel_path LIMIT ?");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<FileRow> out;
  auto row = rows->Bind(volume_id, after, before, limit).Step();
  for (; row && *row; row = rows->Step()) {
    out.push_back({rows->Int(0), rows->Text(1), SegmentStateFromText(rows->Text(2)), rows->Int(3)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<int64_t> SqliteCatalog::CountFiles(int64_t volume_id) {
  auto rows =
      database_.Prepare("SELECT coalesce(sum(files), 0) FROM segment_total WHERE volume_id = ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(volume_id).Step();
  if (!row) return Fail(row.error());
  return rows->Int(0);
}

Result<std::vector<SegmentTotal>> SqliteCatalog::Totals() { return ReadTotals(database_); }

Result<std::vector<DayTotal>> SqliteCatalog::Days(WallTime start, WallTime end) {
  return ReadDays(database_, start, end);
}

Result<std::vector<WallTime>> SqliteCatalog::WholeDays(int64_t camera_id, StreamKind stream,
                                                       WallTime start, WallTime end) {
  return ReadWholeDays(database_, {camera_id, stream}, start, end);
}

Result<std::vector<StreamReach>> SqliteCatalog::Reach() { return ReadReach(database_); }

Status SqliteCatalog::SetUnusable(int64_t volume_id, const std::string& rel_path,
                                  int64_t size_bytes) {
  return database_.Run(
      "INSERT INTO unusable_file (volume_id, rel_path, size_bytes) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (volume_id, rel_path) DO UPDATE SET size_bytes = ?3",
      volume_id, rel_path, size_bytes);
}

Result<bool> SqliteCatalog::IsUnusable(int64_t volume_id, const std::string& rel_path,
                                       int64_t size_bytes) {
  auto rows = database_.Prepare(
      "SELECT 1 FROM unusable_file WHERE volume_id = ? AND rel_path = ? AND size_bytes = ?");
  if (!rows) return Fail(std::move(rows.error()));
  return rows->Bind(volume_id, rel_path, size_bytes).Step();
}

}  // namespace ronin
