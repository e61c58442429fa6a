// SPDX-License-Identifier: MIT
#include "recording/coverage.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr Micros kUsualFrame = 100ms;
constexpr Micros kLongestFrame = 4s;
constexpr Micros kNoticedLate = 15s;
constexpr Micros kEndedEarly = 2s;

/// 2.5 frame intervals.
Micros ToleranceOf(std::optional<Micros> frame) {
  return std::clamp<Micros>(frame.value_or(kUsualFrame), 1ms, kLongestFrame) * 5 / 2;
}

void Append(std::vector<Gap>* gaps, const Gap& gap) {
  if (gap.start >= gap.end) return;
  if (!gaps->empty() && gaps->back().end == gap.start && gaps->back().cause == gap.cause) {
    gaps->back().end = gap.end;
  } else {
    gaps->push_back(gap);
  }
}

bool IsTimeOff(GapReason reason) {
  return reason == GapReason::kRestart || reason == GapReason::kCrash ||
         reason == GapReason::kPower;
}

/// The records as gaps that do not overlap, ascending, within the window. Where several are, the
/// strongest counts: no weak one, none of time off, whose beginning is known to some seconds only
/// (of those the first), then the one that begins last, then the one that was added last.
std::vector<Gap> Explanations(const std::vector<GapRecord>& records,
                              const std::vector<GapRecord>& weak, const Span& window) {
  using Strength = std::tuple<int, WallTime, size_t>;
  struct Border {
    WallTime at{};
    bool begins = false;
    Strength strength;
    const GapCause* cause = nullptr;
  };
  std::vector<Border> borders;
  const auto add = [&](const GapRecord& record, bool strong) {
    const WallTime start = std::max(record.start, window.start);
    const WallTime end = std::min(record.end.value_or(window.end), window.end);
    if (start >= end) return;
    const bool off = IsTimeOff(record.cause.reason);
    const WallTime key = off ? FromMicros(-ToMicros(record.start)) : record.start;
    const Strength strength{strong ? (off ? 1 : 2) : 0, key, borders.size()};
    borders.push_back({start, true, strength, &record.cause});
    borders.push_back({end, false, strength, &record.cause});
  };
  for (const GapRecord& record : weak) add(record, false);
  for (const GapRecord& record : records) add(record, true);
  std::sort(borders.begin(), borders.end(),
            [](const Border& a, const Border& b) { return a.at < b.at; });
  std::vector<Gap> out;
  std::set<std::pair<Strength, const GapCause*>> now;
  WallTime since = window.start;
  for (const Border& border : borders) {
    if (!now.empty()) Append(&out, {{since, border.at}, *now.rbegin()->second});
    since = border.at;
    if (border.begins) {
      now.emplace(border.strength, border.cause);
    } else {
      now.erase({border.strength, border.cause});
    }
  }
  return out;
}

/// Tiles one hole. `*next` is the first explanation that may reach into it, and moves on.
void Explain(const Span& hole, const std::vector<Gap>& explanations, size_t* next,
             std::vector<Gap>* out) {
  while (*next < explanations.size() && explanations[*next].end <= hole.start) ++*next;
  std::vector<Gap> known;
  for (size_t i = *next; i < explanations.size() && explanations[i].start < hole.end; ++i) {
    Gap gap = explanations[i];
    gap.start = std::max(gap.start, hole.start);
    gap.end = std::min(gap.end, hole.end);
    known.push_back(std::move(gap));
  }
  WallTime at = hole.start;
  for (size_t i = 0; i <= known.size(); ++i) {
    const WallTime until = i < known.size() ? known[i].start : hole.end;
    if (i > 0 && until - at <= kEndedEarly) {
      Append(out, {{at, until}, known[i - 1].cause});
    } else if (i < known.size() && until - at <= kNoticedLate) {
      Append(out, {{at, until}, known[i].cause});
    } else {
      Append(out, {{at, until}, {}});
    }
    if (i == known.size()) break;
    Append(out, known[i]);
    at = known[i].end;
  }
}

/// The spans within the window; a hole at its borders that is none belongs to them.
std::vector<Span> Clipped(const std::vector<SpanJoiner::Joined>& spans, const Span& window) {
  std::vector<Span> out;
  for (const SpanJoiner::Joined& joined : spans) {
    Span span{std::max(joined.start, window.start), std::min(joined.end, window.end)};
    if (span.start >= span.end) continue;
    if (out.empty() && span.start - window.start <= joined.tolerance) span.start = window.start;
    if (window.end - span.end <= joined.tolerance) span.end = window.end;
    out.push_back(span);
  }
  return out;
}

/// The spans without the times of records inside files.
std::vector<Span> Cut(const std::vector<Span>& spans, const std::vector<GapRecord>& records) {
  std::vector<Span> cuts;
  for (const GapRecord& record : records) {
    const WallTime end = record.end.value_or(record.start);
    if (record.in_file && end > record.start) cuts.push_back({record.start, end});
  }
  std::sort(cuts.begin(), cuts.end(),
            [](const Span& a, const Span& b) { return a.start < b.start; });
  std::vector<Span> out;
  size_t next = 0;
  for (Span span : spans) {
    // Ends are not in order, but one that ends before this span cuts none that follows either.
    while (next < cuts.size() && cuts[next].end <= span.start) ++next;
    for (size_t i = next; i < cuts.size() && cuts[i].start < span.end; ++i) {
      if (cuts[i].end <= span.start) continue;
      if (cuts[i].start > span.start) out.push_back({span.start, cuts[i].start});
      span.start = std::min(cuts[i].end, span.end);
    }
    if (span.start < span.end) out.push_back(span);
  }
  return out;
}

/// A piece of a coverage: recorded, or the cause why not.
struct Piece : Span {
  std::optional<GapCause> missing;
};

std::vector<Piece> PiecesOf(const Coverage& coverage) {
  std::vector<Piece> out;
  out.reserve(coverage.spans.size() + coverage.gaps.size());
  for (const Span& span : coverage.spans) out.push_back({span, std::nullopt});
  for (const Gap& gap : coverage.gaps) out.push_back({gap, gap.cause});
  std::sort(out.begin(), out.end(),
            [](const Piece& a, const Piece& b) { return a.start < b.start; });
  return out;
}

Coverage FromPieces(const std::vector<Piece>& pieces) {
  Coverage out;
  for (const Piece& piece : pieces) {
    if (piece.missing) {
      Append(&out.gaps, {{piece.start, piece.end}, *piece.missing});
    } else if (!out.spans.empty() && out.spans.back().end == piece.start) {
      out.spans.back().end = piece.end;
    } else {
      out.spans.push_back({piece.start, piece.end});
    }
  }
  return out;
}

/// Several short pieces as one: recorded or missing, whichever took longer; of the causes, too.
class Blend {
 public:
  void Add(const Piece& piece) {
    if (whole_.start >= whole_.end) whole_.start = piece.start;
    whole_.end = piece.end;
    const Micros length = piece.end - piece.start;
    if (!piece.missing) {
      recorded_ += length;
      return;
    }
    missing_ += length;
    auto found = std::find_if(causes_.begin(), causes_.end(),
                              [&](const auto& item) { return item.first == *piece.missing; });
    if (found == causes_.end()) {
      causes_.emplace_back(*piece.missing, length);
    } else {
      found->second += length;
    }
  }
  Micros length() const { return whole_.end - whole_.start; }
  Piece Take() {
    Piece out{whole_, std::nullopt};
    if (missing_ > recorded_) {
      out.missing =
          std::max_element(causes_.begin(), causes_.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
          })->first;
    }
    *this = {};
    return out;
  }

 private:
  Span whole_;
  Micros recorded_{};
  Micros missing_{};
  std::vector<std::pair<GapCause, Micros>> causes_;
};

}  // namespace

void SpanJoiner::Add(const Span& file, std::optional<Micros> frame, bool apart) {
  if (file.start >= file.end) return;
  const Micros tolerance = ToleranceOf(frame);
  const bool near = !spans_.empty() &&
                    file.start - spans_.back().end <= (apart ? Micros(0) : spans_.back().tolerance);
  if (near) {
    Joined& last = spans_.back();
    if (file.end > last.end) last.tolerance = tolerance;
    last.end = std::max(last.end, file.end);
  } else {
    spans_.push_back({file, tolerance});
  }
}

Coverage ComputeCoverage(const SpanJoiner& recorded, const std::vector<GapRecord>& records,
                         const std::vector<GapRecord>& weak, const Span& window) {
  Coverage out;
  if (window.start >= window.end) return out;
  out.spans = Cut(Clipped(recorded.spans(), window), records);
  const std::vector<Gap> explanations = Explanations(records, weak, window);
  size_t next = 0;
  WallTime at = window.start;
  for (const Span& span : out.spans) {
    if (at < span.start) Explain({at, span.start}, explanations, &next, &out.gaps);
    at = span.end;
  }
  if (at < window.end) Explain({at, window.end}, explanations, &next, &out.gaps);
  return out;
}

Coverage Coarsened(const Coverage& exact, Micros resolution) {
  std::vector<Piece> out;
  Blend blend;
  const auto finish = [&](Piece* next) {
    if (blend.length() <= Micros(0)) return;
    if (blend.length() >= resolution || (out.empty() && next == nullptr)) {
      out.push_back(blend.Take());
    } else if (!out.empty()) {
      out.back().end = blend.Take().end;
    } else {
      next->start = blend.Take().start;
    }
  };
  for (Piece& piece : PiecesOf(exact)) {
    if (piece.end - piece.start >= resolution) {
      finish(&piece);
      out.push_back(piece);
      continue;
    }
    blend.Add(piece);
    if (blend.length() >= resolution) out.push_back(blend.Take());
  }
  finish(nullptr);
  return FromPieces(out);
}

void Extend(Coverage* whole, const Coverage& next) {
  for (const Span& span : next.spans) {
    if (!whole->spans.empty() && whole->spans.back().end == span.start) {
      whole->spans.back().end = span.end;
    } else {
      whole->spans.push_back(span);
    }
  }
  for (const Gap& gap : next.gaps) Append(&whole->gaps, gap);
}

CoverageSums SumsOf(const Coverage& coverage) {
  CoverageSums out;
  for (const Span& span : coverage.spans) out.recorded += span.end - span.start;
  for (const Gap& gap : coverage.gaps) out.missing[gap.cause.reason] += gap.end - gap.start;
  return out;
}

std::optional<double> RecordedShare(const CoverageSums& sums) {
  Micros missing{};
  for (const auto& [reason, length] : sums.missing) {
    const bool wanted = reason != GapReason::kSchedule && reason != GapReason::kStopped &&
                        reason != GapReason::kClock;
    if (wanted) missing += length;
  }
  if (sums.recorded + missing <= Micros(0)) return std::nullopt;
  return double(sums.recorded.count()) / double((sums.recorded + missing).count());
}

}  // namespace ronin::recording
