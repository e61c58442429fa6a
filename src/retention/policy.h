// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "catalog/catalog.h"
#include "retention/limits.h"

namespace ronin::retention {

/// Why a recording goes.
enum class Why {
  kAge,         ///< older than its camera keeps
  kOwnBytes,    ///< its stream takes more than it may
  kSubBytes,    ///< all sub streams together do
  kAllBytes,    ///< all footage together does
  kSpace,       ///< its volume needs room
  kShortSpace,  ///< … and only what cameras were to keep at least is left
};

/// A recording that is to go. A value.
struct Deletion {
  OldSegment segment;
  Lane lane;
  Why why = Why::kAge;
};

/// What is known of one stream's footage on one volume.
struct LaneFacts {
  Lane lane;
  int64_t size_bytes = 0;
  StreamLimits limits;
};

/// What is known of a volume from which recordings can be deleted now.
struct VolumeFacts {
  int64_t id = 0;
  int64_t need_bytes = 0;  ///< to be made free
  int64_t need_files = 0;  ///< so many files are to go, whatever their size
};

/// A time in which the clock was wrong: what is dated in [from, to) began at `really`.
struct ClockMistake {
  WallTime from{};
  WallTime to{};
  WallTime really{};
  bool operator==(const ClockMistake&) const = default;
};

/// All that the decision depends on. A value.
struct Facts {
  WallTime now{};                ///< as well as it is known
  bool clock_is_trusted = true;  ///< else nothing goes because of its age
  std::vector<ClockMistake> mistakes;
  std::vector<LaneFacts> lanes;  ///< those of volumes that are away count, but lose nothing
  std::vector<VolumeFacts> volumes;
  std::optional<int64_t> max_bytes;      ///< all lanes together
  std::optional<int64_t> max_sub_bytes;  ///< those of sub streams
  std::set<int64_t> spared;              ///< segments that cannot go now: they are being played
};

/// Reads a lane: its segments at the place, as Catalog::Oldest(). May fail: then all of it does.
using ReadLane =
    std::function<Result<std::vector<OldSegment>>(const Lane&, const LanePlace&, int limit)>;

/// What is left to say when all deletions are known.
struct Verdict {
  bool all = true;                ///< false: the caller wanted no more
  std::vector<int64_t> too_full;  ///< volumes whose need cannot be met
  int64_t left_bytes = 0;         ///< of all lanes, when it is done
  bool over_limit = false;        ///< a limit of all together is passed, by what each is to keep
};

/// Decides what goes, and why. Pure, but for `read`, which is asked for no more of each lane than
/// the decision needs; so it is as quick with millions of recordings as with a few.
///
/// First each volume that needs room: what passes a limit on it, then the oldest on it, no more
/// than it needs. Then what passes a limit of its own (age, then bytes), then what passes the
/// limits of all together; always the oldest first. What a camera is to keep at least goes for its
/// own limits, and for room when nothing else is left.
/// @param visit  gets each deletion, in the order in which to carry them out; false: no more
Result<Verdict> Decide(const Facts& facts, const ReadLane& read,
                       const std::function<bool(const Deletion&)>& visit);

}  // namespace ronin::retention
