// SPDX-License-Identifier: MIT
#include "retention/policy.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ronin::retention {
namespace {

constexpr int kFirstPage = 8;  // most lanes lose nothing
constexpr int kPage = 500;

/// A part of the dates of a lane, in which all are wrong by the same.
struct Piece {
  WallTime from{};
  WallTime to{};
  Micros shift{};  // to add to what the files are dated
};

/// No two of them overlap.
std::vector<ClockMistake> Apart(std::vector<ClockMistake> mistakes) {
  std::sort(mistakes.begin(), mistakes.end(),
            [](const auto& a, const auto& b) { return a.from < b.from; });
  std::vector<ClockMistake> out;
  WallTime end = FromMicros(0);
  for (ClockMistake one : mistakes) {
    const Micros late = std::max(end - one.from, Micros(0));
    one.from += late;
    one.really += late;
    if (one.from >= one.to) continue;
    end = one.to;
    out.push_back(one);
  }
  return out;
}

void AddRight(const std::vector<ClockMistake>& apart, WallTime from, WallTime to,
              std::vector<Piece>* out) {
  for (const ClockMistake& one : apart) {
    if (one.to <= from || one.from >= to) continue;
    if (one.from > from) out->push_back({from, one.from, {}});
    from = one.to;
  }
  if (from < to) out->push_back({from, to, {}});
}

/// All dates, in the order in which they really were.
std::vector<Piece> InOrder(const std::vector<ClockMistake>& mistakes) {
  const std::vector<ClockMistake> apart = Apart(mistakes);
  std::vector<ClockMistake> by_time = apart;
  std::sort(by_time.begin(), by_time.end(),
            [](const auto& a, const auto& b) { return a.really < b.really; });
  std::vector<Piece> out;
  WallTime at = FromMicros(0);
  for (const ClockMistake& one : by_time) {
    AddRight(apart, at, one.really, &out);
    out.push_back({one.from, one.to, one.really - one.from});
    at = one.really;
  }
  AddRight(apart, at, WallTime::max(), &out);
  return out;
}

/// Where the decision is in one lane.
struct LaneWalk {
  const LaneFacts* facts = nullptr;
  size_t volume = 0;  // in Decision::volumes_
  size_t piece = 0;
  LanePlace place;
  std::vector<OldSegment> page;  // dated right
  size_t next = 0;               // in page
  bool read_any = false;
};

class Decision {
 public:
  Decision(const Facts& facts, const ReadLane& read,
           const std::function<bool(const Deletion&)>& visit)
      : facts_(facts),
        read_(read),
        visit_(visit),
        pieces_(InOrder(facts.mistakes)),
        volumes_(facts.volumes) {}

  Result<Verdict> Run();

 private:
  using Scope = std::vector<size_t>;  // of lanes_
  using MayGo = std::function<bool(const LaneWalk&, const OldSegment&)>;
  void AddLanes();
  Status MakeRoom(size_t volume);
  Status Take(const Scope& scope, Why why, const MayGo& may_go);
  Status TakeOwn(const Scope& scope, const std::function<bool()>& wanted);
  Result<bool> HasFront(LaneWalk& lane);
  void Go(LaneWalk& lane, Why why);
  bool Kept(const LaneWalk& lane, const OldSegment& segment) const {
    return segment.end > facts_.now - lane.facts->limits.min_age;
  }
  int64_t& StreamBytes(const LaneWalk& lane) {
    return streams_[StreamId(lane.facts->lane.camera_id, lane.facts->lane.stream)];
  }
  bool SubOver() const { return facts_.max_sub_bytes && sub_bytes_ > *facts_.max_sub_bytes; }
  bool AllOver() const { return facts_.max_bytes && all_bytes_ > *facts_.max_bytes; }

  const Facts& facts_;
  const ReadLane& read_;
  const std::function<bool(const Deletion&)>& visit_;
  const std::vector<Piece> pieces_;
  std::vector<VolumeFacts> volumes_;
  std::vector<LaneWalk> lanes_;  // those that can lose something
  std::map<StreamId, int64_t> streams_;
  int64_t all_bytes_ = 0;
  int64_t sub_bytes_ = 0;
  bool stopped_ = false;
};

void Decision::AddLanes() {
  for (const LaneFacts& facts : facts_.lanes) {
    streams_[StreamId(facts.lane.camera_id, facts.lane.stream)] += facts.size_bytes;
    all_bytes_ += facts.size_bytes;
    if (facts.lane.stream == StreamKind::kSub) sub_bytes_ += facts.size_bytes;
    const auto volume = std::find_if(volumes_.begin(), volumes_.end(), [&](const auto& one) {
      return one.id == facts.lane.volume_id;
    });
    if (volume == volumes_.end()) continue;
    LaneWalk lane;
    lane.facts = &facts;
    lane.volume = size_t(volume - volumes_.begin());
    lane.place = {pieces_.front().from, pieces_.front().to, 0};
    lanes_.push_back(std::move(lane));
  }
}

/// Whether the lane has a segment at `next`; reads on where needed.
Result<bool> Decision::HasFront(LaneWalk& lane) {
  for (;;) {
    while (lane.next < lane.page.size() && facts_.spared.contains(lane.page[lane.next].id)) {
      ++lane.next;
    }
    if (lane.next < lane.page.size()) return true;
    if (lane.piece == pieces_.size()) return false;
    const int limit = std::exchange(lane.read_any, true) ? kPage : kFirstPage;
    auto page = read_(lane.facts->lane, lane.place, limit);
    if (!page) return Fail(std::move(page.error()));
    const bool more = int(page->size()) == limit;
    if (more) {
      lane.place = {page->back().start, lane.place.to, page->back().id};
    }
    for (OldSegment& segment : *page) {
      segment.start += pieces_[lane.piece].shift;
      segment.end += pieces_[lane.piece].shift;
    }
    lane.page = std::move(*page);
    lane.next = 0;
    if (!more && ++lane.piece < pieces_.size()) {
      lane.place = {pieces_[lane.piece].from, pieces_[lane.piece].to, 0};
    }
  }
}

void Decision::Go(LaneWalk& lane, Why why) {
  const OldSegment& segment = lane.page[lane.next];
  ++lane.next;
  StreamBytes(lane) -= segment.size_bytes;
  all_bytes_ -= segment.size_bytes;
  if (lane.facts->lane.stream == StreamKind::kSub) sub_bytes_ -= segment.size_bytes;
  VolumeFacts& volume = volumes_[lane.volume];
  volume.need_bytes -= segment.size_bytes;
  if (segment.size_bytes > 0) --volume.need_files;
  if (!visit_({segment, lane.facts->lane, why})) stopped_ = true;
}

/// Takes from the lanes, always the oldest of all, for as long as it may go; one that may not ends
/// its lane.
Status Decision::Take(const Scope& scope, Why why, const MayGo& may_go) {
  std::set<std::pair<WallTime, size_t>> fronts;
  const auto add = [&](size_t at) -> Status {
    const auto has = HasFront(lanes_[at]);
    if (!has) return Fail(has.error());
    const LaneWalk& lane = lanes_[at];
    if (*has && may_go(lane, lane.page[lane.next])) fronts.emplace(lane.page[lane.next].start, at);
    return {};
  };
  for (const size_t at : scope) {
    if (auto done = add(at); !done) return done;
  }
  while (!fronts.empty() && !stopped_) {
    const size_t at = fronts.begin()->second;
    fronts.erase(fronts.begin());
    LaneWalk& lane = lanes_[at];
    // What has gone meanwhile may be enough.
    if (!may_go(lane, lane.page[lane.next])) continue;
    Go(lane, why);
    if (auto done = add(at); !done) return done;
  }
  return {};
}

/// What passes a limit of its own stream, or of all sub streams.
Status Decision::TakeOwn(const Scope& scope, const std::function<bool()>& wanted) {
  auto done = Take(scope, Why::kAge, [&](const LaneWalk& lane, const OldSegment& segment) {
    const auto& max_age = lane.facts->limits.max_age;
    return wanted() && facts_.clock_is_trusted && max_age && segment.end <= facts_.now - *max_age;
  });
  if (!done) return done;
  done = Take(scope, Why::kOwnBytes, [&](const LaneWalk& lane, const OldSegment&) {
    const auto& max = lane.facts->limits.max_bytes;
    return wanted() && max && StreamBytes(lane) > *max;
  });
  if (!done) return done;
  return Take(scope, Why::kSubBytes, [&](const LaneWalk& lane, const OldSegment& segment) {
    return wanted() && lane.facts->lane.stream == StreamKind::kSub && SubOver() &&
           !Kept(lane, segment);
  });
}

Status Decision::MakeRoom(size_t volume) {
  Scope scope;
  for (size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].volume == volume) scope.push_back(i);
  }
  const auto needs = [&] {
    return volumes_[volume].need_bytes > 0 || volumes_[volume].need_files > 0;
  };
  auto done = TakeOwn(scope, needs);
  if (!done) return done;
  done = Take(scope, Why::kSpace, [&](const LaneWalk& lane, const OldSegment& segment) {
    return needs() && !Kept(lane, segment);
  });
  if (!done) return done;
  return Take(scope, Why::kShortSpace, [&](const LaneWalk&, const OldSegment&) { return needs(); });
}

Result<Verdict> Decision::Run() {
  AddLanes();
  Scope all;
  for (size_t i = 0; i < lanes_.size(); ++i) all.push_back(i);
  for (size_t i = 0; i < volumes_.size(); ++i) {
    if (volumes_[i].need_bytes <= 0 && volumes_[i].need_files <= 0) continue;
    if (auto done = MakeRoom(i); !done) return Fail(std::move(done.error()));
  }
  auto done = TakeOwn(all, [] { return true; });
  if (done) {
    done = Take(all, Why::kAllBytes, [&](const LaneWalk& lane, const OldSegment& segment) {
      return AllOver() && !Kept(lane, segment);
    });
  }
  if (!done) return Fail(std::move(done.error()));
  Verdict out{.all = !stopped_, .too_full = {}, .left_bytes = all_bytes_};
  out.over_limit = SubOver() || AllOver();
  for (const VolumeFacts& volume : volumes_) {
    if (volume.need_bytes > 0 || volume.need_files > 0) out.too_full.push_back(volume.id);
  }
  return out;
}

}  // namespace

Result<Verdict> Decide(const Facts& facts, const ReadLane& read,
                       const std::function<bool(const Deletion&)>& visit) {
  return Decision(facts, read, visit).Run();
}

}  // namespace ronin::retention
