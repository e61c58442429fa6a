// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "config/gap_record.h"

namespace ronin::recording {

/// A time, half open: [start, end).
struct Span {
  WallTime start{};
  WallTime end{};
  bool operator==(const Span&) const = default;
};

/// A time without recording, and why. A value.
struct Gap : Span {
  GapCause cause;
  bool operator==(const Gap&) const = default;
};

/// What was recorded of one camera, and why the rest was not: spans and gaps tile the time that
/// was asked for, with no hole and no overlap, each kind ascending. A value; any thread.
struct Coverage {
  std::vector<Span> spans;
  std::vector<Gap> gaps;
  bool operator==(const Coverage&) const = default;
};

/// Joins recorded files into spans: what is nearer to each other than a few frames is one. Holds
/// spans only, however many files there are. Value; its owner's thread.
class SpanJoiner {
 public:
  /// Adds the next file, in the order of starts.
  /// @param frame  time from one of its frames to the next; nothing: not known
  /// @param apart  recording is known to have been off before it: any hole there is one
  void Add(const Span& file, std::optional<Micros> frame, bool apart = false);

  /// All spans, ascending, with the time at the borders between which nothing is missing.
  struct Joined : Span {
    Micros tolerance{};  ///< a hole behind it that is no longer than this is none
  };
  const std::vector<Joined>& spans() const { return spans_; }

 private:
  std::vector<Joined> spans_;
};

/// The coverage of `window`. Pure.
///
/// A hole between spans is explained by the records that overlap it; of two that overlap, by the
/// one that begins later; time off (restart, crash, power) counts only where no other does. Records
/// are made when a failure is noticed, so what is unexplained right before one (15 s at most) or
/// right behind one (2 s) belongs to it; the rest is kUnknown. Records inside files cut the spans.
/// @param weak  records that count only where no other does, such as of files that are gone
Coverage ComputeCoverage(const SpanJoiner& recorded, const std::vector<GapRecord>& records,
                         const std::vector<GapRecord>& weak, const Span& window);

/// The same without pieces that are shorter than `resolution`: they become part of their
/// surroundings, in which what lasted longest decides. At most window / resolution + 1 pieces.
/// Pure.
Coverage Coarsened(const Coverage& exact, Micros resolution);

/// Adds what follows: `next` begins where `whole` ends, or later. What goes on over the border is
/// one piece. Pure.
void Extend(Coverage* whole, const Coverage& next);

/// How much of a coverage is what. A value.
struct CoverageSums {
  Micros recorded{};
  std::map<GapReason, Micros> missing;
};

/// Pure.
CoverageSums SumsOf(const Coverage& coverage);

/// The share of the time in which a recording was wanted (gaps `schedule`, `stopped` and `clock`
/// are not) that was recorded, from 0 to 1; nothing when none was wanted. Pure.
std::optional<double> RecordedShare(const CoverageSums& sums);

}  // namespace ronin::recording
