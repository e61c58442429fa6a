// SPDX-License-Identifier: MIT
#include "api/storage_stats.h"

#include <algorithm>

namespace ronin::api {

Result<StoredFigures> ReadStored(Catalog& catalog) {
  auto totals = catalog.Totals();
  if (!totals) return Fail(std::move(totals.error()));
  auto reach = catalog.Reach();
  if (!reach) return Fail(std::move(reach.error()));
  auto volumes = catalog.Volumes();
  if (!volumes) return Fail(std::move(volumes.error()));
  auto open = catalog.Unfinished();
  if (!open) return Fail(std::move(open.error()));
  auto kept = catalog.ProtectedTotals();
  if (!kept) return Fail(std::move(kept.error()));
  return StoredFigures{std::move(*totals), std::move(*reach), std::move(*volumes), std::move(*open),
                       std::move(*kept)};
}

StorageSums SumUp(const StoredFigures& stored, const std::map<int64_t, int64_t>& open_bytes) {
  StorageSums out;
  const auto add = [&](int64_t volume_id, StreamId stream, int64_t files, int64_t bytes) {
    out.all.Add(files, bytes);
    out.volumes[volume_id].Add(files, bytes);
    auto& camera = out.cameras[stream.camera_id];
    (stream.kind == StreamKind::kMain ? camera.main : camera.sub).Add(files, bytes);
  };
  for (const SegmentTotal& total : stored.totals) {
    if (total.state == SegmentState::kMissing || total.state == SegmentState::kRecording) continue;
    add(total.volume_id, {total.camera_id, total.stream}, total.files, total.size_bytes);
  }
  for (const Segment& segment : stored.open) {
    const auto bytes = open_bytes.find(segment.id);
    if (bytes == open_bytes.end()) continue;
    add(segment.volume_id, {segment.camera_id, segment.stream}, 1, bytes->second);
    if (segment.is_protected) out.cameras[segment.camera_id].protected_bytes += bytes->second;
  }
  for (const LaneTotal& kept : stored.kept) {
    out.cameras[kept.camera_id].protected_bytes += kept.size_bytes;
  }
  for (const StreamReach& reach : stored.reach) {
    auto& camera = out.cameras[reach.camera_id];
    camera.oldest = std::min(camera.oldest.value_or(reach.oldest), reach.oldest);
    camera.newest = std::max(camera.newest.value_or(reach.newest), reach.newest);
  }
  return out;
}

Result<DaySums> ReadDaySums(Catalog& catalog, WallTime start, WallTime end) {
  auto days = catalog.Days(start, end);
  if (!days) return Fail(std::move(days.error()));
  auto open = catalog.Unfinished();
  if (!open) return Fail(std::move(open.error()));
  std::erase_if(*open, [&](const Segment& one) { return one.start < start || one.start >= end; });
  return DaySums{std::move(*days), std::move(*open)};
}

void AddOpenFiles(DaySums& sums, const std::map<int64_t, int64_t>& open_bytes) {
  for (const Segment& segment : sums.open) {
    const auto bytes = open_bytes.find(segment.id);
    if (bytes == open_bytes.end()) continue;
    const auto day = std::find_if(sums.days.begin(), sums.days.end(), [&](const DayTotal& one) {
      return one.camera_id == segment.camera_id && one.day <= segment.start &&
             segment.start < one.day + std::chrono::days(1);
    });
    if (day != sums.days.end()) day->size_bytes += bytes->second;
  }
}

}  // namespace ronin::api
