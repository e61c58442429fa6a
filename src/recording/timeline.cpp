// SPDX-License-Identifier: MIT
#include "recording/timeline.h"

#include <algorithm>
#include <set>
#include <utility>

namespace ronin::recording {
namespace {

/// Rows as spans. A row that is open, because its file grows or is being closed, ends where the
/// next one begins, or where the recording is now.
class Rows {
 public:
  /// @param returns  when recording began again after it was off
  Rows(std::optional<WallTime> known, std::set<WallTime> returns)
      : known_(known), returns_(std::move(returns)) {}

  void Add(const SegmentSpan& row) {
    CloseOpen(row.start);
    if (row.state == SegmentState::kMissing) {
      if (row.end) {
        gone_.push_back(
            {.start = row.start, .end = row.end, .cause = {GapReason::kDeleted, "file_missing"}});
      }
    } else if (row.end) {
      std::optional<Micros> frame;
      if (row.frames.value_or(0) > 0) frame = (*row.end - row.start) / *row.frames;
      frame_ = frame ? frame : frame_;
      joiner_.Add({row.start, *row.end}, frame, returns_.contains(row.start));
    } else {
      open_ = row.start;
    }
  }
  /// All of this was recorded.
  void AddWhole(const Span& span) {
    CloseOpen(span.start);
    joiner_.Add(span, frame_);
  }
  void Finish() { CloseOpen(std::nullopt); }

  const SpanJoiner& joiner() const { return joiner_; }
  const std::vector<GapRecord>& gone() const { return gone_; }

 private:
  void CloseOpen(std::optional<WallTime> limit) {
    if (!open_) return;
    WallTime end = known_.value_or(*open_);
    if (limit) end = std::min(end, *limit);
    joiner_.Add({*open_, end}, frame_, returns_.contains(*open_));
    open_.reset();
  }

  const std::optional<WallTime> known_;
  const std::set<WallTime> returns_;
  SpanJoiner joiner_;
  std::vector<GapRecord> gone_;
  std::optional<WallTime> open_;
  std::optional<Micros> frame_;  // of the file before
};

Status ReadRows(Catalog& catalog, const TimelineQuery& query, const Span& window, Rows* rows) {
  WallTime read_until{};
  const auto read = [&](WallTime start, WallTime end) -> Status {
    if (start >= end) return {};
    auto done =
        catalog.ForEachSpan(query.camera_id, query.stream, start, end, [&](const SegmentSpan& row) {
          // One that is open overlaps all that follows, but came.
          const bool came = !row.end && row.start < read_until;
          if (!came) rows->Add(row);
        });
    read_until = end;
    return done;
  };
  constexpr Micros kHoursOfNoMatter = std::chrono::hours(6);
  if (query.resolution < kHoursOfNoMatter) return read(window.start, window.end);
  const auto whole = catalog.WholeDays(query.camera_id, query.stream, window.start, window.end);
  if (!whole) return Fail(whole.error());
  WallTime at = window.start;
  for (const WallTime day : *whole) {
    if (auto between = read(at, day); !between) return between;
    at = day + std::chrono::hours(24);
    rows->AddWhole({day, at});
  }
  return read(at, window.end);
}

}  // namespace

Result<Coverage> ReadCoverage(Catalog& catalog, LedgerStore& ledger, const TimelineQuery& query) {
  const auto first = catalog.FirstStart(query.camera_id, query.stream);
  if (!first) return Fail(first.error());
  const bool main = query.stream == StreamKind::kMain;
  if (!main && !*first) return Coverage();
  const WallTime begin = main ? std::min(query.created, first->value_or(query.created)) : **first;
  const WallTime end = query.recording ? query.known.value_or(query.now) : query.now;
  const Span window{std::max(query.window.start, begin), std::min(query.window.end, end)};
  if (window.start >= window.end) return Coverage();
  const auto gaps = ledger.Gaps({query.camera_id, query.stream}, window.start, window.end);
  if (!gaps) return Fail(gaps.error());
  std::set<WallTime> returns;
  for (const GapRecord& gap : *gaps) {
    if (gap.end && !gap.in_file) returns.insert(*gap.end);
  }
  Rows rows(query.known, std::move(returns));
  auto walked = ReadRows(catalog, query, window, &rows);
  if (!walked) return Fail(std::move(walked.error()));
  rows.Finish();
  const auto deleted = ledger.Deleted({query.camera_id, query.stream});
  if (!deleted) return Fail(deleted.error());
  // First, so that files that are missing say so themselves.
  std::vector<GapRecord> weak;
  if (*deleted) weak.push_back(**deleted);
  weak.insert(weak.end(), rows.gone().begin(), rows.gone().end());
  return ComputeCoverage(rows.joiner(), *gaps, weak, window);
}

}  // namespace ronin::recording
