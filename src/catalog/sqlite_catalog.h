// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "sqlite/database.h"

namespace ronin {

/// Catalog in SQLite; thread-bound.
class SqliteCatalog final : public Catalog {
 public:
  /// @param database  migrated
  explicit SqliteCatalog(Database database) : database_(std::move(database)) {}

  Result<int64_t> EnsureVolume(const std::string& path, const std::string& uuid) override;
  Result<std::vector<CatalogVolume>> Volumes() override;
  Result<int64_t> BeginSegment(const SegmentStart& start) override;
  Status FinishSegment(int64_t id, WallTime end, int64_t size_bytes, std::optional<int64_t> frames,
                       SegmentState state) override;
  Status Together(const std::function<Status()>& changes) override;
  Result<int64_t> Adopt(const Segment& segment) override;
  Status AdoptAll(const std::vector<Segment>& segments) override;
  Status SetState(int64_t id, SegmentState state) override;
  Status SetMissing(const std::vector<int64_t>& ids) override;
  Status SetSuspect(int64_t id) override;
  Status SetAudio(int64_t id, const std::optional<SegmentAudio>& audio) override;
  Status SetCameraClock(int64_t id, const CameraClock& clock) override;
  Status SetProtected(int64_t id, bool is_protected) override;
  Status Forget(int64_t id) override;
  Status ForgetAll(const std::vector<int64_t>& ids) override;
  Result<Segment> Get(int64_t id) override;
  Result<SegmentPage> List(const SegmentQuery& query) override;
  Status ForEachSpan(int64_t camera_id, StreamKind stream, WallTime start, WallTime end,
                     const std::function<void(const SegmentSpan&)>& visit) override;
  Result<std::vector<Segment>> StartingAt(int64_t camera_id, StreamKind stream,
                                          WallTime start) override;
  Result<std::optional<WallTime>> FirstStart(int64_t camera_id, StreamKind stream) override;
  Result<std::vector<Segment>> Unfinished() override;
  Result<std::vector<FileRow>> Files(int64_t volume_id, const std::string& after,
                                     const std::string& before, int limit) override;
  Result<int64_t> CountFiles(int64_t volume_id) override;
  Result<std::vector<SegmentTotal>> Totals() override;
  Result<std::vector<LaneTotal>> LaneTotals() override;
  Result<std::vector<LaneTotal>> ProtectedTotals() override;
  Result<std::vector<OldSegment>> Oldest(const Lane& lane, const LanePlace& place,
                                         int limit) override;
  Result<LaneRecorded> RecordedIn(const Lane& lane, WallTime start, WallTime end) override;
  Result<std::optional<WallTime>> NewestStart() override;
  Result<std::vector<Segment>> Doom(const std::vector<int64_t>& ids) override;
  Status Spare(const std::vector<int64_t>& ids) override;
  Result<std::vector<Segment>> Doomed(int64_t after, int limit) override;
  Result<std::vector<DayTotal>> Days(WallTime start, WallTime end) override;
  Result<std::vector<WallTime>> WholeDays(int64_t camera_id, StreamKind stream, WallTime start,
                                          WallTime end) override;
  Result<std::vector<StreamReach>> Reach() override;
  Result<std::vector<Segment>> Movable(int64_t volume_id, WallTime before, int limit) override;
  Result<int64_t> CountMovable(int64_t volume_id, WallTime before) override;
  Status BeginMove(const FileMove& move) override;
  Status CommitMove(int64_t segment_id) override;
  Status EndMove(int64_t segment_id) override;
  Result<std::vector<FileMove>> Moves() override;
  Result<bool> IsMoving(int64_t volume_id, const std::string& rel_path) override;
  Status SetUnusable(int64_t volume_id, const std::string& rel_path, int64_t size_bytes) override;
  Result<bool> IsUnusable(int64_t volume_id, const std::string& rel_path,
                          int64_t size_bytes) override;
  Status BeginAnew(const Error& damage, WallTime now) override;

 private:
  Status OneRow(Status done, int64_t id) const;
  Status TrimEnds(int64_t camera_id, StreamKind stream, WallTime start);
  Status TrimToNext(int64_t camera_id, StreamKind stream, WallTime start);

  int64_t NextId();

  Database database_;
  int64_t least_id_ = 1;  // of rows that are added
};

}  // namespace ronin
