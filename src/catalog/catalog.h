// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/segment.h"

namespace ronin {

/// A folder that holds recordings.
struct CatalogVolume {
  int64_t id = 0;
  std::string path;  ///< absolute
  std::string uuid;  ///< as in its identity file; empty: not seen since there are such files
};

/// What recovery compares with a file.
struct FileRow {
  int64_t id = 0;
  std::string rel_path;
  SegmentState state = SegmentState::kRecording;
  int64_t size_bytes = 0;
  bool operator==(const FileRow&) const = default;
};

/// How many files of one stream on one volume are in one state, and how large they are.
struct SegmentTotal {
  int64_t volume_id = 0;
  int64_t camera_id = 0;  ///< the camera may be deleted by now
  StreamKind stream = StreamKind::kMain;
  SegmentState state = SegmentState::kRecording;
  int64_t files = 0;
  int64_t size_bytes = 0;  ///< 0 in state kRecording
  bool operator==(const SegmentTotal&) const = default;
};

/// One stream's footage on one volume.
struct Lane {
  int64_t volume_id = 0;
  int64_t camera_id = 0;  ///< the camera may be deleted by now
  StreamKind stream = StreamKind::kMain;
  auto operator<=>(const Lane&) const = default;
};

/// How many files a lane has, and how large they are; those that are missing do not count.
struct LaneTotal : Lane {
  int64_t files = 0;
  int64_t size_bytes = 0;  ///< of open files 0
  bool operator==(const LaneTotal&) const = default;
};

/// What was recorded to a lane in some time.
struct LaneRecorded {
  int64_t files = 0;
  int64_t size_bytes = 0;
  std::optional<WallTime> first;  ///< the beginning of the first file; nothing: there is none
};

/// A segment that may be deleted, as far as retention cares.
struct OldSegment {
  int64_t id = 0;
  WallTime start{};
  WallTime end{};          ///< its start, when the end is not known
  int64_t size_bytes = 0;  ///< 0 when the file is missing
  bool operator==(const OldSegment&) const = default;
};

/// Where to read on in a lane: what starts in [from, to), behind a segment.
struct LanePlace {
  WallTime from{};
  WallTime to = WallTime::max();
  int64_t after_id = 0;  ///< of those that start at `from`, those with a greater id
};

/// What begins on one day of one camera, of both streams; files that are missing do not count.
struct DayTotal {
  WallTime day{};         ///< where it begins, UTC
  int64_t camera_id = 0;  ///< the camera may be deleted by now
  int64_t files = 0;
  int64_t size_bytes = 0;  ///< without files that are being written
  bool operator==(const DayTotal&) const = default;
};

/// How far the files of one stream reach; files that are missing do not count.
struct StreamReach {
  int64_t camera_id = 0;  ///< the camera may be deleted by now
  StreamKind stream = StreamKind::kMain;
  WallTime oldest{};  ///< where the first one begins
  WallTime newest{};  ///< where the last one ends; of one without an end yet: where it begins
  bool operator==(const StreamReach&) const = default;
};

/// Which segments to list: those that overlap [start, end), both half-open; an open segment has no
/// end yet and overlaps whatever lies after its start.
struct SegmentQuery {
  std::vector<int64_t> camera_ids;   ///< empty: all
  std::optional<StreamKind> stream;  ///< nothing: both
  std::optional<WallTime> start;
  std::optional<WallTime> end;
  std::optional<bool> is_protected;  ///< nothing: both
  int limit = 100;                   ///< 1 to 1000
  std::string after;  ///< SegmentPage::next of the page before; empty: the first page
};

struct SegmentPage {
  std::vector<Segment> items;       ///< ascending by start, then by id
  std::optional<std::string> next;  ///< for SegmentQuery::after; nothing on the last page
};

/// What was recorded: one row per file. The files are the truth; this can be rebuilt from them.
///
/// Synchronous and durable: what returned is on the disk. Every method may also fail with kNoSpace,
/// kUnavailable, kCorrupt or kInternal, from the database.
/// Thread-bound: belongs to the thread of the database; post to its Worker.
class Catalog {
 public:
  virtual ~Catalog() = default;

  /// The id of the volume with that `uuid`, new or known, which is at `path` (absolute) now. A row
  /// of that path without a uuid becomes it. Without `uuid`: the volume that is at `path`.
  virtual Result<int64_t> EnsureVolume(const std::string& path, const std::string& uuid = {}) = 0;
  virtual Result<std::vector<CatalogVolume>> Volumes() = 0;

  /// Adds a row in state kRecording, for a file that was just begun. Returns its id. Another one of
  /// the same stream whose end is less than a second behind this start ends here: times of one
  /// stream do not overlap.
  /// Errors: kConflict when the path has a row, kInvalidArgument.
  virtual Result<int64_t> BeginSegment(const SegmentStart& start) = 0;

  /// Completes a row with what its closed file is. Repeating it is harmless: the last one counts.
  /// It ends where the next one begins when that is less than a second before `end`.
  /// @param end     not before the segment's start
  /// @param frames  of video; nothing: not known
  /// @param state   kComplete or kRecovered
  /// Errors: kNotFound, kInvalidArgument.
  virtual Status FinishSegment(int64_t id, WallTime end, int64_t size_bytes,
                               std::optional<int64_t> frames, SegmentState state) = 0;

  /// What `changes` does to this catalog, in one transaction: all of it, or nothing when it brings
  /// an error or the disk does.
  virtual Status Together(const std::function<Status()>& changes) = 0;

  /// Adds a row for a file that has none; `segment.id` is ignored. Returns its id.
  /// Errors: kConflict when the path has a row, kInvalidArgument.
  virtual Result<int64_t> Adopt(const Segment& segment) = 0;

  /// Adopt() for all of them in one transaction, but for those whose path has a row, which stays.
  /// Ends that overlap the next start by less than a second are moved there, as by FinishSegment().
  virtual Status AdoptAll(const std::vector<Segment>& segments) = 0;

  /// Errors: kNotFound; kInvalidArgument when the row lacks what the state needs (an end) or the
  /// state is kRecording.
  virtual Status SetState(int64_t id, SegmentState state) = 0;

  /// SetState(kMissing) for all of them in one transaction; those that are not there are skipped.
  virtual Status SetMissing(const std::vector<int64_t>& ids) = 0;

  /// The disk failed while the file was written. Errors: kNotFound.
  virtual Status SetSuspect(int64_t id) = 0;

  /// What the camera's clock was, when more is known than at the beginning.
  /// Errors: kNotFound, kInvalidArgument when it is more than 68 years off.
  virtual Status SetCameraClock(int64_t id, const CameraClock& clock) = 0;

  /// What sound there is in the file, when more is known than at the beginning. Errors: kNotFound.
  virtual Status SetAudio(int64_t id, const std::optional<SegmentAudio>& audio) = 0;

  /// Errors: kNotFound, kConflict when it is being deleted.
  virtual Status SetProtected(int64_t id, bool is_protected) = 0;

  /// Drops a row whose file is gone for good. Errors: kNotFound.
  virtual Status Forget(int64_t id) = 0;

  /// Forget() for all of them in one transaction; those that are not there are skipped.
  virtual Status ForgetAll(const std::vector<int64_t>& ids) = 0;

  /// Errors: kNotFound.
  virtual Result<Segment> Get(int64_t id) = 0;

  /// Errors: kInvalidArgument for a limit or a cursor that is none.
  virtual Result<SegmentPage> List(const SegmentQuery& query) = 0;

  /// Calls `visit` for each segment of one stream that overlaps [start, end), ascending by start,
  /// however many there are. Do not call the catalog from it.
  virtual Status ForEachSpan(int64_t camera_id, StreamKind stream, WallTime start, WallTime end,
                             const std::function<void(const SegmentSpan&)>& visit) = 0;

  /// The segments of one stream that begin at this very time: one, or copies of it.
  virtual Result<std::vector<Segment>> StartingAt(int64_t camera_id, StreamKind stream,
                                                  WallTime start) = 0;

  /// When the stream's first segment begins; nothing when it has none.
  virtual Result<std::optional<WallTime>> FirstStart(int64_t camera_id, StreamKind stream) = 0;

  /// Rows in state kRecording: after a start, files that need recovery.
  virtual Result<std::vector<Segment>> Unfinished() = 0;

  /// The first `limit` rows of the volume whose path lies between `after` and `before`, both
  /// excluded, ascending by path, byte by byte.
  virtual Result<std::vector<FileRow>> Files(int64_t volume_id, const std::string& after,
                                             const std::string& before, int limit) = 0;

  /// How many rows the volume has.
  virtual Result<int64_t> CountFiles(int64_t volume_id) = 0;

  /// What there is, summed up; ascending by volume, camera, stream and name of the state. As quick
  /// with a million files as with one.
  virtual Result<std::vector<SegmentTotal>> Totals() = 0;
  /// The same by day, of the days that begin in [start, end); ascending by day and camera.
  virtual Result<std::vector<DayTotal>> Days(WallTime start, WallTime end) = 0;
  /// The days that begin in [start, end) of which all but an hour or so was recorded of the stream,
  /// ascending: for timelines of years, in which such a hole cannot be seen.
  virtual Result<std::vector<WallTime>> WholeDays(int64_t camera_id, StreamKind stream,
                                                  WallTime start, WallTime end) = 0;
  /// How far the files of each stream reach; ascending by camera and stream. As quick as Totals().
  virtual Result<std::vector<StreamReach>> Reach() = 0;

  /// All lanes that have files; ascending. As quick with a million files as with one.
  virtual Result<std::vector<LaneTotal>> LaneTotals() = 0;

  /// The same of what is protected.
  virtual Result<std::vector<LaneTotal>> ProtectedTotals() = 0;

  /// The first `limit` segments of the lane at the place, ascending by start, then by id, without
  /// those that are open or protected.
  virtual Result<std::vector<OldSegment>> Oldest(const Lane& lane, const LanePlace& place,
                                                 int limit) = 0;

  /// What was recorded to the lane and begins in [start, end).
  virtual Result<LaneRecorded> RecordedIn(const Lane& lane, WallTime start, WallTime end) = 0;

  /// When the newest segment of all begins; nothing: there is none.
  virtual Result<std::optional<WallTime>> NewestStart() = 0;

  /// Marks them as those whose files are about to be deleted, and gives those that are marked now:
  /// without those that are open or protected, or gone.
  virtual Result<std::vector<Segment>> Doom(const std::vector<int64_t>& ids) = 0;

  /// Takes the marks back.
  virtual Status Spare(const std::vector<int64_t>& ids) = 0;

  /// The first `limit` that are marked, behind the one with the id `after`, ascending by id.
  virtual Result<std::vector<Segment>> Doomed(int64_t after, int limit) = 0;

  /// The closed files of the volume that began before `before` and are not being moved, the oldest
  /// first.
  virtual Result<std::vector<Segment>> Movable(int64_t volume_id, WallTime before, int limit) = 0;
  /// How many those are, with those that are being moved.
  virtual Result<int64_t> CountMovable(int64_t volume_id, WallTime before) = 0;

  /// Notes where a file is about to be moved to, and is not yet; another place for the same file
  /// takes the place of the one before. Errors: kConflict when that place is taken.
  virtual Status BeginMove(const FileMove& move) = 0;
  /// From now on the file's row says that it is at the new place. Errors: kConflict when the row is
  /// not what it was, the new place is taken, or no move was begun.
  virtual Status CommitMove(int64_t segment_id) = 0;
  /// Nothing is left of it at the other place.
  virtual Status EndMove(int64_t segment_id) = 0;
  /// Those that have begun and not ended, ascending by segment.
  virtual Result<std::vector<FileMove>> Moves() = 0;
  /// Whether a file that is being moved is at that place, or will be.
  virtual Result<bool> IsMoving(int64_t volume_id, const std::string& rel_path) = 0;

  /// Notes that a file named like a recording holds no picture.
  virtual Status SetUnusable(int64_t volume_id, const std::string& rel_path,
                             int64_t size_bytes) = 0;
  /// Whether that was noted of this file when it had this size.
  virtual Result<bool> IsUnusable(int64_t volume_id, const std::string& rel_path,
                                  int64_t size_bytes) = 0;

  /// The database is damaged: moves it aside, as OpenCatalog() does, and goes on with an empty one.
  /// That one has the same volumes, if they could be read, and gives ids that were never given, so
  /// that nobody takes one recording for another. After a failure all else fails with kUnavailable
  /// until this is repeated.
  virtual Status BeginAnew(const Error& damage, WallTime now) = 0;
};

/// The catalog in the database file at `path` (catalog.db), which is made or migrated if needed.
/// A damaged one is moved aside to `path`.corrupt-TIME, logged, and replaced by an empty one, since
/// it can be rebuilt. Only what shows at once is found here, however large it is: the header, the
/// schema, the sums; the rest is for WholeCheck. Errors: kUnsupported when a newer version wrote
/// it, and what opening a file can bring.
Result<std::unique_ptr<Catalog>> OpenCatalog(const std::string& path,
                                             const Clock& clock = SystemClock());

/// The same to look into it beside a running recorder: the file is neither made nor migrated nor
/// moved, and writing fails. Errors: kNotFound, kCorrupt, kUnsupported for another schema, …
Result<std::unique_ptr<Catalog>> ReadCatalog(const std::string& path);

}  // namespace ronin
