// SPDX-License-Identifier: MIT
#include "recording/recovery.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "recording/repair.h"
#include "storage/mp4_scan.h"
#include "storage/segment_files.h"
#include "storage/stillborn.h"

namespace ronin::recording {
namespace {

// Pieces that the catalog's thread does in a few milliseconds.
constexpr int kRowsPerPiece = 500;
constexpr size_t kAdoptPerPiece = 32;
constexpr size_t kMissingPerPiece = 200;

// A loss of that size is a disk that is away, not files that somebody deleted.
constexpr int64_t kBelievedRows = 20;
constexpr int64_t kBelievedParts = 20;  // one in 20 is 5 %

Error Cancelled() { return {ErrorKind::kUnavailable, "the check of the recordings was ended"}; }

/// The folder of a day as files in it are named: all their paths begin with it.
std::string DayOf(const std::string& rel_path) { return rel_path.substr(0, rel_path.rfind('/')); }

/// One run over one volume.
class Run {
 public:
  explicit Run(const RecoveryJob& job) : job_(job) {}

  Result<RecoveryReport> Do() {
    for (const auto step : {&Run::FindVolume, &Run::FinishOpen, &Run::CompareDays, &Run::AdoptRest,
                            &Run::MarkMissing}) {
      if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
    }
    return report_;
  }

 private:
  using FileClock = std::filesystem::file_time_type::clock;

  template <typename Ask>
  auto WithCatalog(Ask ask) -> decltype(ask(std::declval<Catalog&>())) {
    using Answer = decltype(ask(std::declval<Catalog&>()));
    if (job_.cancelled()) return tl::unexpected(Cancelled());
    Answer answer = tl::unexpected(Cancelled());
    const auto done = job_.with_catalog([&](Catalog& catalog) -> Status {
      answer = ask(catalog);
      return {};
    });
    if (!done) return tl::unexpected(done.error());
    return answer;
  }

  Status FindVolume() {
    const auto id = WithCatalog([this](Catalog& catalog) {
      return catalog.EnsureVolume(job_.volume.root(), job_.volume.uuid());
    });
    if (!id) return tl::unexpected(id.error());
    volume_id_ = *id;
    return {};
  }

  /// The few that a crash left open; first, because people look for the newest.
  Status FinishOpen() {
    const auto left = WithCatalog([this](Catalog& catalog) -> Result<std::vector<Segment>> {
      auto open = catalog.Unfinished();
      if (!open) return open;
      // Here, because a file stops to count as open on this thread, together with its row.
      std::erase_if(*open, [this](const Segment& segment) {
        return segment.volume_id != volume_id_ ||
               job_.is_open(job_.volume.PathOf(segment.rel_path));
      });
      return open;
    });
    if (!left) return tl::unexpected(left.error());
    for (const Segment& segment : *left) {
      if (auto done = FinishOne(segment, job_.volume.PathOf(segment.rel_path)); !done) return done;
    }
    return {};
  }

  Status FinishOne(const Segment& segment, const std::string& path) {
    const auto scan = Repair(path);
    const bool no_picture = scan ? scan->fragments == 0 : scan.error().kind == ErrorKind::kCorrupt;
    if (no_picture || (!scan && scan.error().kind == ErrorKind::kNotFound)) {
      // It was killed before the first fragment, so there is nothing that could be shown.
      if (auto there = job_.volume.Check(); !there) return there;
      RemoveStillborn(path);
      return WithCatalog([&](Catalog& catalog) { return catalog.Forget(segment.id); });
    }
    if (!scan) {
      log::Warning("recording", Concat(path, " stays open in the catalog: ", scan.error().Text()));
      return {};
    }
    ++report_.repaired;
    return WithCatalog([&](Catalog& catalog) -> Status {
      // It may have come after the file was opened.
      if (const auto sound = SoundIn(*scan); !segment.audio && sound) {
        if (auto done = catalog.SetAudio(segment.id, sound); !done) return done;
      }
      return catalog.FinishSegment(segment.id, segment.start + scan->duration,
                                   int64_t(scan->whole_bytes), int64_t(scan->frames),
                                   SegmentState::kRecovered);
    });
  }

  Status CompareDays() {
    const auto days = Days();
    if (!days) return tl::unexpected(days.error());
    // The newest first, of all cameras together. What lies in their own folders goes before what
    // may be copies of it.
    std::vector<std::string> ordered(days->begin(), days->end());
    const auto rank = [this](const std::string& day) {
      const bool own = job_.owners.KnowFolder(day.substr(0, day.find('/')));
      return std::pair(own, day.substr(day.rfind('/') + 1));
    };
    std::ranges::stable_sort(ordered, std::ranges::greater(), rank);
    for (const std::string& day : ordered) {
      if (auto done = CompareDay(day); !done) return done;
    }
    return {};
  }

  /// All days that have files or rows.
  Result<std::set<std::string>> Days() {
    std::set<std::string> out;
    const auto cameras = ListFolders(job_.volume.root());
    if (!cameras) return tl::unexpected(cameras.error());
    for (const std::string& camera : *cameras) {
      if (job_.cancelled()) return tl::unexpected(Cancelled());
      const auto days = ListDays(job_.volume.root(), camera);
      if (!days) return tl::unexpected(days.error());
      out.insert(days->begin(), days->end());
    }
    for (std::string after;;) {
      const auto next = WithCatalog(
          [&](Catalog& catalog) { return catalog.Files(volume_id_, after, "\xff", 1); });
      if (!next) return tl::unexpected(next.error());
      if (next->empty()) return out;
      const std::string day = DayOf(next->front().rel_path);
      out.insert(day);
      after = day + '0';  // what comes after everything that begins with the day and a slash
    }
  }

  Status CompareDay(const std::string& day) {
    const auto files = ListSegmentFiles(job_.volume.root(), day);
    if (!files) return tl::unexpected(files.error());
    report_.checked += int(files->size());
    std::map<std::string, int64_t> unknown;  // size by path
    for (const SegmentFile& file : *files) unknown[file.rel_path] = int64_t(file.size_bytes);
    for (std::string after = day + '/';;) {
      const auto rows = WithCatalog([&](Catalog& catalog) {
        return catalog.Files(volume_id_, after, day + '0', kRowsPerPiece);
      });
      if (!rows) return tl::unexpected(rows.error());
      for (const FileRow& row : *rows) {
        const auto file = unknown.extract(row.rel_path);
        const auto size = file.empty() ? std::nullopt : std::optional(file.mapped());
        if (auto done = CompareRow(row, size); !done) return done;
      }
      if (rows->size() < kRowsPerPiece) break;
      after = rows->back().rel_path;
    }
    for (const SegmentFile& file : *files) {
      if (!unknown.contains(file.rel_path)) continue;
      if (auto done = Adopt(file); !done) return done;
    }
    return {};
  }

  /// @param size_bytes  of its file; nothing: there is none
  Status CompareRow(const FileRow& row, std::optional<int64_t> size_bytes) {
    const bool there = size_bytes.has_value();
    ++rows_;
    if (row.state == SegmentState::kRecording) return {};
    if (there && *size_bytes != row.size_bytes) return MeasureAgain(row);
    if (there && row.state == SegmentState::kMissing) {
      ++report_.back;
      return WithCatalog(
          [&](Catalog& catalog) { return catalog.SetState(row.id, SegmentState::kRecovered); });
    }
    if (!there && row.state != SegmentState::kMissing) missing_.push_back(row);
    return {};
  }

  /// The file is not as large as its row says: its disk lost the end of it in a power cut.
  Status MeasureAgain(const FileRow& row) {
    const auto segment = WithCatalog([&](Catalog& catalog) { return catalog.Get(row.id); });
    if (!segment) return tl::unexpected(segment.error());
    // It was completed since its folder was listed.
    const std::string path = job_.volume.PathOf(row.rel_path);
    std::error_code error;
    const auto size = int64_t(std::filesystem::file_size(path, error));
    if (error || size == segment->size_bytes || job_.is_open(path)) return {};
    const auto scan = Repair(path);
    if (!scan || scan->fragments == 0) return {};  // what is in it is not ours to judge
    ++report_.repaired;
    return WithCatalog([&](Catalog& catalog) {
      return catalog.FinishSegment(row.id, segment->start + scan->duration,
                                   int64_t(scan->whole_bytes), int64_t(scan->frames),
                                   SegmentState::kRecovered);
    });
  }

  Status Adopt(const SegmentFile& file) {
    const std::string path = job_.volume.PathOf(file.rel_path);
    if (job_.is_open(path)) return {};
    const auto known = WithCatalog([&](Catalog& catalog) {
      return catalog.IsUnusable(volume_id_, file.rel_path, int64_t(file.size_bytes));
    });
    if (!known) return tl::unexpected(known.error());
    if (*known) return {};
    const auto moving =
        WithCatalog([&](Catalog& catalog) { return catalog.IsMoving(volume_id_, file.rel_path); });
    if (!moving) return tl::unexpected(moving.error());
    if (*moving) return {};  // its row is that of the other one
    // Before anything is changed in it.
    const bool own_folder = job_.owners.KnowFolder(file.named.folder);
    const auto origin = ReadMp4Origin(path);
    if (!origin) return own_folder ? CannotBeRead(path, origin.error()) : Status();
    const auto camera = job_.owners.Find(*origin, file.named.folder);
    if (!camera) return own_folder ? LeaveToOthers(path) : Status();
    if (IsBeingWritten(path)) return {};
    const auto scan = ScanMp4Media(path);
    const bool readable = scan || scan.error().kind == ErrorKind::kCorrupt ||
                          scan.error().kind == ErrorKind::kUnsupported;
    if (!readable) return CannotBeRead(path, scan.error());
    auto row = scan ? RowOfFile(file, *camera, *scan) : std::nullopt;
    if (!row) return RemoveStillborn(path) ? Status() : LeaveAlone(file, path);
    row->volume_id = volume_id_;
    // Only times that files say themselves are exact enough to know one recording from another.
    const auto copy = *origin && (*origin)->zero ? IsCopy(*row) : Result<bool>(false);
    if (!copy) return tl::unexpected(copy.error());
    if (*copy) return LeaveCopy(path);
    const auto repaired = Repair(path, *scan);
    if (!repaired) return CannotBeRead(path, repaired.error());
    row->size_bytes = int64_t(repaired->whole_bytes);
    adopted_.push_back(std::move(*row));
    return adopted_.size() < kAdoptPerPiece ? Status() : AdoptRest();
  }

  /// By somebody else, who copies it here, say; a later check takes it. What a crash left was last
  /// written before this check.
  bool IsBeingWritten(const std::string& path) const {
    std::error_code error;
    const auto written = std::filesystem::last_write_time(path, error);
    // One from the future was written before the system's clock was set back.
    return !error && written >= began_ && written <= FileClock::now();
  }

  /// What a crash left of a file that had just been made is no recording, nor will it be one.
  bool RemoveStillborn(const std::string& path) {
    std::error_code error;
    if (!IsStillborn(path) || !std::filesystem::remove(path, error)) return false;
    ++report_.stillborn;
    log::Info("recording", Concat(path,
                                  " was made just before a crash, held no picture, and was "
                                  "removed"));
    return true;
  }

  Status CannotBeRead(const std::string& path, const Error& error) {
    log::Warning("recording", Concat(path, " cannot be read now: ", error.Text()));
    return {};
  }

  Status LeaveToOthers(const std::string& path) {
    if (report_.foreign++ == 0) {
      log::Warning("recording", Concat(path,
                                       " was recorded from a camera that is not configured "
                                       "here; such files are left alone"));
    }
    return {};
  }

  Status LeaveCopy(const std::string& path) {
    if (report_.copies++ == 0) {
      log::Warning("recording", Concat(path,
                                       " is a copy of a recording that the catalog has at "
                                       "another place; such files are left alone"));
    }
    return {};
  }

  /// Whether the same recording has a row, and a file that is there.
  Result<bool> IsCopy(const Segment& found) {
    const auto same = [&](const Segment& other) {
      return other.camera_id == found.camera_id && other.stream == found.stream &&
             other.start == found.start;
    };
    if (std::ranges::any_of(adopted_, same)) return true;
    const auto rows = WithCatalog([&](Catalog& catalog) {
      return catalog.StartingAt(found.camera_id, found.stream, found.start);
    });
    if (!rows) return tl::unexpected(rows.error());
    return std::ranges::any_of(*rows, [&](const Segment& row) {
      // It may have got its own row since its folder was listed.
      const bool itself = row.volume_id == volume_id_ && row.rel_path == found.rel_path;
      if (itself || row.state == SegmentState::kMissing) return false;
      std::error_code ignored;
      return row.volume_id != volume_id_ ||
             std::filesystem::exists(job_.volume.PathOf(row.rel_path), ignored);
    });
  }

  Status LeaveAlone(const SegmentFile& file, const std::string& path) {
    ++report_.empty;
    log::Warning("recording", Concat(path, " holds no picture that can be read; it is left alone"));
    return WithCatalog([&](Catalog& catalog) {
      return catalog.SetUnusable(volume_id_, file.rel_path, int64_t(file.size_bytes));
    });
  }

  Status AdoptRest() {
    if (adopted_.empty()) return {};
    auto done = WithCatalog([this](Catalog& catalog) -> Status {
      if (auto known = ProtectAdopted(); !known) return known;
      return catalog.AdoptAll(adopted_);
    });
    if (done) report_.adopted += int(adopted_.size());
    adopted_.clear();
    return done;
  }

  /// Together with the rows: retention must not find them without it.
  Status ProtectAdopted() {
    if (job_.protection == nullptr) return {};
    for (Segment& segment : adopted_) {
      const auto is_protected =
          job_.protection->Has({StreamId(segment.camera_id, segment.stream), segment.start});
      if (!is_protected) return tl::unexpected(is_protected.error());
      segment.is_protected = *is_protected;
    }
    return {};
  }

  Status MarkMissing() {
    const auto count = int64_t(missing_.size());
    if (count > kBelievedRows && count * kBelievedParts > rows_) {
      report_.refused = int(count);
      log::Error("recording",
                 Concat(count, " of ", rows_, " recordings are not on ", job_.volume.root(),
                        ". So many at once is a problem of the disk, so none is marked as missing; "
                        "check that the right disk is mounted and whole. If they were deleted on "
                        "purpose, ronin-nvr catalog rebuild makes a new catalog"));
      return {};
    }
    std::vector<int64_t> ids;
    for (const FileRow& row : missing_) {
      // It may have been recorded since its folder was listed.
      std::error_code error;
      if (!std::filesystem::exists(job_.volume.PathOf(row.rel_path), error) && !error) {
        ids.push_back(row.id);
      }
    }
    // With the disk away, all of them would be.
    if (auto there = job_.volume.Check(); !there) return there;
    for (size_t at = 0; at < ids.size(); at += kMissingPerPiece) {
      const std::vector<int64_t> piece(
          ids.begin() + std::ptrdiff_t(at),
          ids.begin() + std::ptrdiff_t(std::min(ids.size(), at + kMissingPerPiece)));
      auto done = WithCatalog([&](Catalog& catalog) { return catalog.SetMissing(piece); });
      if (!done) return done;
      report_.missing += int(piece.size());
    }
    return {};
  }

  const RecoveryJob& job_;
  const FileClock::time_point began_ = FileClock::now();
  int64_t volume_id_ = 0;
  RecoveryReport report_;
  int64_t rows_ = 0;
  std::vector<FileRow> missing_;
  std::vector<Segment> adopted_;  // not in the catalog yet
};

}  // namespace

Result<RecoveryReport> Recover(const RecoveryJob& job) { return Run(job).Do(); }

}  // namespace ronin::recording
