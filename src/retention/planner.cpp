// SPDX-License-Identifier: MIT
#include "retention/planner.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/ask.h"
#include "base/text.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr auto kDay = 24h;

std::string InGigabytes(int64_t bytes) {
  return Concat(std::ceil(double(bytes) / 1e8) / 10, " GB");
}

std::optional<WallTime> After(WallTime now, const std::optional<double>& days) {
  // Later than that is as good as never, and could not be written as a date.
  if (!days || *days > 36500) return std::nullopt;
  return now + Micros(int64_t(*days * 24 * 3600e6));
}

/// What would go, summed up.
struct Tally {
  Amount gone;
  std::map<int64_t, CameraPreview> cameras;
  std::map<Lane, int64_t> gone_of_lane;
  bool breaks_minimum = false;

  void Add(const Deletion& deletion) {
    const OldSegment& segment = deletion.segment;
    CameraPreview& camera = cameras[deletion.lane.camera_id];
    camera.camera_id = deletion.lane.camera_id;
    for (Amount* amount : {&camera.gone, &gone}) {
      ++amount->files;
      amount->size_bytes += segment.size_bytes;
    }
    camera.oldest = std::min(camera.oldest.value_or(segment.start), segment.start);
    camera.newest = std::max(camera.newest.value_or(segment.end), segment.end);
    gone_of_lane[deletion.lane] += segment.size_bytes;
    breaks_minimum = breaks_minimum || deletion.why == Why::kShortSpace;
  }
};

/// Until deletion for room begins.
std::vector<VolumeRoom> RoomsOf(const Situation& situation, const Limits& limits) {
  std::vector<VolumeRoom> out;
  for (const VolumeNow& volume : situation.volumes) {
    const Reserve reserve = ReserveOf(limits, volume.space, volume.write_bps);
    out.push_back({volume.id, int64_t(volume.space.free_bytes) - reserve.low_bytes});
  }
  return out;
}

std::vector<std::string> WarningsOf(const Situation& situation, bool breaks_minimum,
                                    const Forecast& forecast, const Verdict& verdict) {
  std::vector<std::string> out;
  if (!situation.clock_is_trusted) {
    out.push_back(
        "The clock has jumped: nothing is deleted because of its age until it is confirmed.");
  }
  if (breaks_minimum) {
    out.push_back(
        "The disk is so full that recordings go which their cameras were to keep at least.");
  } else if (!forecast.minimum_fits) {
    out.push_back(Concat("The days that cameras keep at least need ",
                         InGigabytes(forecast.minimum_bytes), ", but there is room for ",
                         InGigabytes(forecast.room_bytes),
                         "; the oldest of them will go when the disk is full."));
  }
  if (verdict.over_limit) {
    out.push_back(
        "More is kept than all footage may take, because of the days that cameras keep at least.");
  }
  if (!verdict.too_full.empty()) {
    out.push_back(
        "A volume has less free space than it should have, and no recordings that may go.");
  }
  return out;
}

std::string ProtectedTooLarge(const std::string& whose, int64_t bytes, int64_t limit) {
  return Concat("Protected recordings", whose, " alone take ", InGigabytes(bytes),
                ", more than the limit of ", InGigabytes(limit),
                ": they stay, and all others go. Raise the limit, or unprotect some.");
}

/// Limits that cannot be kept, because protected recordings count but never go.
std::vector<std::string> ProtectionWarnings(const Limits& limits,
                                            const std::map<int64_t, CameraRecord>& cameras,
                                            const std::vector<LaneTotal>& kept) {
  std::vector<std::string> out;
  int64_t all = 0;
  int64_t all_sub = 0;
  std::map<StreamId, int64_t> streams;
  for (const LaneTotal& lane : kept) {
    all += lane.size_bytes;
    if (lane.stream == StreamKind::kSub) all_sub += lane.size_bytes;
    streams[StreamId(lane.camera_id, lane.stream)] += lane.size_bytes;
  }
  if (limits.bytes && all > *limits.bytes) {
    out.push_back(ProtectedTooLarge("", all, *limits.bytes));
  }
  if (limits.sub_bytes && all_sub > *limits.sub_bytes) {
    out.push_back(ProtectedTooLarge(" of sub streams", all_sub, *limits.sub_bytes));
  }
  for (const auto& [stream, bytes] : streams) {
    const auto camera = cameras.find(stream.camera_id);
    if (camera == cameras.end()) continue;
    const auto limit = LimitsOf(limits, &camera->second, stream.kind).max_bytes;
    if (!limit || bytes <= *limit) continue;
    const char* of_sub = stream.kind == StreamKind::kSub ? ", sub stream," : "";
    out.push_back(ProtectedTooLarge(Concat(" of ", camera->second.name, of_sub), bytes, *limit));
  }
  return out;
}

}  // namespace

/// What the databases say of the configuration, and how much there is.
struct Planner::Stored {
  Limits limits;
  std::map<int64_t, CameraRecord> cameras;
  std::vector<LaneTotal> lanes;
  std::vector<LaneTotal> kept;  // what is protected
};

Result<Planner::Stored> Planner::Read(const WhatIf& what_if) const {
  return AskAndWait(context_.database, [&]() -> Result<Stored> {
    Stored out;
    if (what_if.limits) {
      out.limits = *what_if.limits;
    } else {
      const auto limits = ReadLimits(*context_.config.settings);
      if (!limits) return Fail(limits.error());
      out.limits = *limits;
    }
    auto cameras = context_.config.cameras->List();
    if (!cameras) return Fail(std::move(cameras.error()));
    for (CameraRecord& camera : *cameras) {
      const int64_t id = camera.id;
      const auto other = what_if.cameras.find(id);
      out.cameras[id] = other != what_if.cameras.end() ? other->second : std::move(camera);
    }
    auto lanes = context_.catalog.LaneTotals();
    if (!lanes) return Fail(std::move(lanes.error()));
    out.lanes = std::move(*lanes);
    auto kept = context_.catalog.ProtectedTotals();
    if (!kept) return Fail(std::move(kept.error()));
    out.kept = std::move(*kept);
    return out;
  });
}

Facts Planner::FactsOf(const Situation& situation, const Stored& stored) const {
  Facts out{.now = situation.now,
            .clock_is_trusted = situation.clock_is_trusted,
            .mistakes = situation.mistakes,
            .lanes = {},
            .volumes = {},
            .max_bytes = stored.limits.bytes,
            .max_sub_bytes = stored.limits.sub_bytes,
            .spared = situation.spared};
  for (const LaneTotal& lane : stored.lanes) {
    const auto camera = stored.cameras.find(lane.camera_id);
    const CameraRecord* record = camera != stored.cameras.end() ? &camera->second : nullptr;
    out.lanes.push_back({lane, lane.size_bytes, LimitsOf(stored.limits, record, lane.stream)});
  }
  for (const VolumeNow& volume : situation.volumes) {
    const Reserve reserve = ReserveOf(stored.limits, volume.space, volume.write_bps);
    VolumeFacts facts{.id = volume.id};
    const auto free_bytes = int64_t(volume.space.free_bytes);
    const auto free_files = int64_t(volume.space.free_files);
    if (volume.make_room) {
      if (free_bytes < reserve.low_bytes) facts.need_bytes = reserve.goal_bytes - free_bytes;
      if (free_files < reserve.low_files) facts.need_files = reserve.goal_files - free_files;
    }
    out.volumes.push_back(facts);
  }
  return out;
}

Result<Verdict> Planner::Walk(const Facts& facts,
                              const std::function<bool(const Deletion&)>& visit) const {
  return Decide(
      facts,
      [this](const Lane& lane, const LanePlace& place, int limit) {
        if (context_.cancelled) {
          return Result<std::vector<OldSegment>>(
              Fail(ErrorKind::kUnavailable, "the recorder is ending"));
        }
        return AskAndWait(context_.database,
                          [&, limit] { return context_.catalog.Oldest(lane, place, limit); });
      },
      visit);
}

Result<Plan> Planner::Next(const Situation& situation, size_t limit) const {
  const auto stored = Read({});
  if (!stored) return Fail(stored.error());
  Plan out;
  auto verdict = Walk(FactsOf(situation, *stored), [&](const Deletion& deletion) {
    out.deletions.push_back(deletion);
    return out.deletions.size() < limit;
  });
  if (!verdict) return Fail(std::move(verdict.error()));
  out.verdict = std::move(*verdict);
  return out;
}

Result<Amount> Planner::Count(const Situation& situation) const {
  const auto stored = Read({});
  if (!stored) return Fail(stored.error());
  Amount out;
  const auto verdict = Walk(FactsOf(situation, *stored), [&](const Deletion& deletion) {
    ++out.files;
    out.size_bytes += deletion.segment.size_bytes;
    return true;
  });
  if (!verdict) return Fail(verdict.error());
  return out;
}

/// Over the last day, or since the first file of it.
Result<std::vector<LaneRate>> Planner::Rates(const Facts& facts, WallTime now) const {
  std::vector<LaneRate> out;
  for (const LaneFacts& lane : facts.lanes) {
    const auto recorded = AskAndWait(context_.database, [&] {
      return context_.catalog.RecordedIn(lane.lane, now - kDay, now + 1min);
    });
    if (!recorded) return Fail(recorded.error());
    LaneRate rate{.volume_id = lane.lane.volume_id,
                  .stream = StreamId(lane.lane.camera_id, lane.lane.stream),
                  .size_bytes = lane.size_bytes,
                  .bytes_per_day = 0,
                  .limits = lane.limits};
    if (recorded->first) {
      const Micros time = std::clamp<Micros>(now - *recorded->first, 10s, kDay);
      rate.bytes_per_day =
          int64_t(double(recorded->size_bytes) / double(time.count()) * Micros(kDay).count());
    }
    out.push_back(rate);
  }
  return out;
}

Result<Preview> Planner::Foretell(const Situation& situation, const WhatIf& what_if) const {
  const auto stored = Read(what_if);
  if (!stored) return Fail(stored.error());
  const Facts facts = FactsOf(situation, *stored);
  Tally tally;
  for (const auto& [id, camera] : stored->cameras) tally.cameras[id].camera_id = id;
  const auto verdict = Walk(facts, [&](const Deletion& deletion) {
    tally.Add(deletion);
    return true;
  });
  if (!verdict) return Fail(verdict.error());
  auto rates = Rates(facts, situation.now);
  if (!rates) return Fail(std::move(rates.error()));
  std::vector<VolumeRoom> rooms = RoomsOf(situation, stored->limits);
  for (size_t i = 0; i < rates->size(); ++i) {
    LaneRate& rate = (*rates)[i];
    const int64_t gone = tally.gone_of_lane[facts.lanes[i].lane];
    rate.size_bytes -= gone;
    for (VolumeRoom& room : rooms) room.free_bytes += room.id == rate.volume_id ? gone : 0;
    CameraPreview& camera = tally.cameras[rate.stream.camera_id];
    camera.camera_id = rate.stream.camera_id;
    camera.bitrate_bps += rate.bytes_per_day * 8 / 86400;
  }
  const Forecast forecast = Foresee(*rates, rooms, stored->limits);
  Preview out{
      .gone = tally.gone, .cameras = {}, .volumes_full_at = {}, .full_at = {}, .warnings = {}};
  for (auto& [id, camera] : tally.cameras) {
    camera.keeps_days = forecast.DaysOfCamera(id);
    out.cameras.push_back(camera);
  }
  for (const auto& [id, days] : forecast.full_in_days) {
    out.volumes_full_at[id] = After(situation.now, days);
  }
  out.full_at = After(situation.now, forecast.any_full_in_days);
  out.warnings = WarningsOf(situation, tally.breaks_minimum, forecast, *verdict);
  std::ranges::move(ProtectionWarnings(stored->limits, stored->cameras, stored->kept),
                    std::back_inserter(out.warnings));
  return out;
}

}  // namespace ronin::retention
