// SPDX-License-Identifier: MIT
#include "recording/recovery.h"

#include <filesystem>
#include <set>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "storage/mp4_scan.h"
#include "storage/segment_path.h"

namespace ronin::recording {
namespace {

namespace fs = std::filesystem;

std::string ApiCodec(const std::string& sample_entry) {
  if (sample_entry == "avc1" || sample_entry == "avc3") return "h264";
  if (sample_entry == "hvc1" || sample_entry == "hev1") return "h265";
  if (sample_entry == "mp4a") return "aac";
  return sample_entry;
}

/// Scans a file and cuts off its torn end.
Result<Mp4Scan> Repair(const std::string& path) {
  auto scan = ScanMp4(path);
  if (!scan || scan->torn_bytes == 0) return scan;
  if (auto cut = CutTornTail(path, *scan); !cut) return tl::unexpected(cut.error());
  return scan;
}

Status FinishOne(Catalog& catalog, const Volume& volume, const Segment& segment,
                 RecoveryReport* report) {
  const std::string path = volume.PathOf(segment.rel_path);
  const auto scan = Repair(path);
  if (!scan &&
      (scan.error().kind == ErrorKind::kNotFound || scan.error().kind == ErrorKind::kCorrupt)) {
    // It was killed before the first fragment, so there is nothing that could be shown.
    ++report->empty;
    return catalog.Forget(segment.id);
  }
  if (!scan) {
    log::Warning("recording", Concat(path, " stays open in the catalog: ", scan.error().Text()));
    return {};
  }
  ++report->repaired;
  return catalog.FinishSegment(segment.id, segment.start + scan->duration,
                               int64_t(scan->whole_bytes), int64_t(scan->frames),
                               SegmentState::kRecovered);
}

Status AdoptOne(Catalog& catalog, const Volume& volume, int64_t volume_id, int64_t camera_id,
                const std::string& rel_path, const SegmentPath& named, RecoveryReport* report) {
  const std::string path = volume.PathOf(rel_path);
  const auto scan = Repair(path);
  if (!scan || scan->frames == 0 || !scan->video) {
    log::Warning("recording", Concat(path, " has no row and cannot be read; it is left alone"));
    return {};
  }
  Segment segment;
  segment.camera_id = camera_id;
  segment.stream = named.sub ? StreamKind::kSub : StreamKind::kMain;
  segment.volume_id = volume_id;
  segment.rel_path = rel_path;
  segment.start = named.start;
  segment.end = named.start + scan->duration;
  segment.size_bytes = int64_t(scan->whole_bytes);
  segment.frames = int64_t(scan->frames);
  segment.state = SegmentState::kRecovered;
  segment.video =
      SegmentVideo{ApiCodec(scan->video->codec), scan->video->width, scan->video->height};
  if (scan->audio) {
    segment.audio = SegmentAudio{ApiCodec(scan->audio->codec), scan->audio->sample_rate_hz,
                                 scan->audio->channels};
  }
  auto adopted = catalog.Adopt(segment);
  if (!adopted) return tl::unexpected(adopted.error());
  ++report->adopted;
  return {};
}

/// All regular files of the volume that are named like ours. Symbolic links are not followed.
std::vector<std::pair<std::string, SegmentPath>> FilesOf(const Volume& volume) {
  std::vector<std::pair<std::string, SegmentPath>> out;
  std::error_code error;
  fs::recursive_directory_iterator at(volume.root(), fs::directory_options::skip_permission_denied,
                                      error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code ignored;
    if (!at->is_regular_file(ignored) || at->is_symlink(ignored)) continue;
    const std::string rel_path = at->path().string().substr(volume.root().size() + 1);
    if (const auto named = SegmentPath::Parse(rel_path)) out.emplace_back(rel_path, *named);
  }
  return out;
}

}  // namespace

Result<RecoveryReport> Recover(Catalog& catalog, const Volume& volume, int64_t volume_id,
                               const std::map<std::string, int64_t>& folders, WallTime before) {
  RecoveryReport report;
  const auto unfinished = catalog.Unfinished();
  if (!unfinished) return tl::unexpected(unfinished.error());
  for (const Segment& segment : *unfinished) {
    if (segment.volume_id != volume_id || segment.start >= before) continue;
    if (auto done = FinishOne(catalog, volume, segment, &report); !done) {
      return tl::unexpected(done.error());
    }
  }
  std::map<std::string, std::pair<int64_t, SegmentState>> rows;
  auto listed = catalog.ForEachPath(
      volume_id, [&](int64_t id, const std::string& rel_path, SegmentState state) {
        rows[rel_path] = {id, state};
      });
  if (!listed) return tl::unexpected(listed.error());
  std::set<std::string> found;
  for (const auto& [rel_path, named] : FilesOf(volume)) {
    found.insert(rel_path);
    const auto camera = folders.find(named.folder);
    if (rows.count(rel_path) != 0 || camera == folders.end() || named.start >= before) continue;
    if (auto done = AdoptOne(catalog, volume, volume_id, camera->second, rel_path, named, &report);
        !done) {
      return tl::unexpected(done.error());
    }
  }
  for (const auto& [rel_path, row] : rows) {
    const auto& [id, state] = row;
    const bool there = found.count(rel_path) != 0;
    if (state == SegmentState::kRecording || there == (state != SegmentState::kMissing)) continue;
    const auto now = there ? SegmentState::kRecovered : SegmentState::kMissing;
    if (auto done = catalog.SetState(id, now); !done) return tl::unexpected(done.error());
    if (!there) ++report.missing;
  }
  return report;
}

}  // namespace ronin::recording
