// SPDX-License-Identifier: MIT
#include "retention/forecast.h"

#include <algorithm>
#include <functional>

namespace ronin::retention {
namespace {

constexpr double kFar = 36500;  // days

/// What one stream does on all volumes.
struct Flow {
  double per_day = 0;
  double most_days = kFar;  // by its own limits
  double least_days = 0;
};

double DaysOf(Micros time) { return double(time.count()) / (24 * 3600e6); }

/// The smallest x in [0, kFar] with `reached(x)`, which stays true; nothing: there is none.
std::optional<double> FirstWhere(const std::function<bool(double)>& reached) {
  if (!reached(kFar)) return std::nullopt;
  double low = 0;
  double high = kFar;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (reached(middle) ? high : low) = middle;
  }
  return high;
}

std::map<StreamId, Flow> FlowsOf(const std::vector<LaneRate>& lanes) {
  std::map<StreamId, Flow> out;
  for (const LaneRate& lane : lanes) out[lane.stream].per_day += double(lane.bytes_per_day);
  std::erase_if(out, [](const auto& one) { return one.second.per_day <= 0; });
  for (const LaneRate& lane : lanes) {
    const auto flow = out.find(lane.stream);
    if (flow == out.end()) continue;
    const StreamLimits& limits = lane.limits;
    double& most = flow->second.most_days;
    if (limits.max_age) most = std::min(most, DaysOf(*limits.max_age));
    if (limits.max_bytes) most = std::min(most, double(*limits.max_bytes) / flow->second.per_day);
    flow->second.least_days = std::min(DaysOf(limits.min_age), most);
  }
  return out;
}

/// How far back a stream goes when all that share the room go back `days`.
double KeptDays(const Flow& flow, double days) {
  return std::clamp(days, flow.least_days, flow.most_days);
}

/// How far back all go that share so much room, but for what has limits of its own; far when there
/// is room for all.
double SharedDays(const std::map<StreamId, Flow>& flows, double room) {
  const auto days = FirstWhere([&](double far) {
    double used = 0;
    for (const auto& [stream, flow] : flows) used += flow.per_day * KeptDays(flow, far);
    return used > std::max(room, 0.0);
  });
  return days.value_or(kFar);
}

/// What all sub streams together may take is shared like room.
void LimitSubStreams(std::map<StreamId, Flow>& flows, int64_t bytes) {
  std::map<StreamId, Flow> subs;
  for (const auto& [stream, flow] : flows) {
    if (stream.kind == StreamKind::kSub) subs[stream] = flow;
  }
  const double days = SharedDays(subs, double(bytes));
  for (const auto& [stream, flow] : subs) flows[stream].most_days = KeptDays(flow, days);
}

/// When the volume is full: each lane grows until it has what its stream keeps.
/// @param shared_days  how far back the limit of all together lets them go
std::optional<double> FullIn(const VolumeRoom& volume, const std::vector<LaneRate>& lanes,
                             const std::map<StreamId, Flow>& flows, double shared_days) {
  return FirstWhere([&](double days) {
    double grown = 0;
    for (const LaneRate& lane : lanes) {
      const auto flow = flows.find(lane.stream);
      if (lane.volume_id != volume.id || flow == flows.end()) continue;
      const auto rate = double(lane.bytes_per_day);
      const double steady = rate * KeptDays(flow->second, shared_days);
      grown += std::min(std::max(steady - double(lane.size_bytes), 0.0), rate * days);
    }
    return grown > double(std::max<int64_t>(volume.free_bytes, 0));
  });
}

}  // namespace

std::optional<double> Forecast::DaysOfCamera(int64_t camera_id) const {
  for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
    const auto found = keeps_days.find(StreamId(camera_id, kind));
    if (found != keeps_days.end()) return found->second;
  }
  return std::nullopt;
}

std::optional<double> Forecast::LeastDays() const {
  std::optional<double> out;
  for (const auto& [stream, days] : keeps_days) {
    const auto of_camera = DaysOfCamera(stream.camera_id);
    if (of_camera) out = std::min(out.value_or(*of_camera), *of_camera);
  }
  return out;
}

Forecast Foresee(const std::vector<LaneRate>& lanes, const std::vector<VolumeRoom>& volumes,
                 const Limits& limits) {
  std::map<StreamId, Flow> flows = FlowsOf(lanes);
  if (limits.sub_bytes) LimitSubStreams(flows, *limits.sub_bytes);
  const std::optional<int64_t>& max_bytes = limits.bytes;
  Forecast out;
  const double by_limit = max_bytes ? SharedDays(flows, double(*max_bytes)) : kFar;
  double room = 0;
  for (const VolumeRoom& volume : volumes) {
    const auto days = FullIn(volume, lanes, flows, by_limit);
    out.full_in_days[volume.id] = days;
    if (days) out.any_full_in_days = std::min(out.any_full_in_days.value_or(kFar), *days);
    room += double(volume.free_bytes);
  }
  // What has no rate any more is older than all that comes, and goes first.
  for (const LaneRate& lane : lanes) room += double(lane.size_bytes);
  if (max_bytes) room = std::min(room, double(*max_bytes));
  double minimum = 0;
  for (const auto& [stream, flow] : flows) minimum += flow.per_day * flow.least_days;
  out.minimum_bytes = int64_t(minimum);
  out.room_bytes = int64_t(std::max(room, 0.0));
  out.minimum_fits = out.minimum_bytes <= out.room_bytes;
  const double shared = SharedDays(flows, room);
  for (const auto& [stream, flow] : flows) {
    const double days = KeptDays(flow, shared);
    out.keeps_days[stream] = days >= kFar ? std::nullopt : std::optional(days);
  }
  return out;
}

}  // namespace ronin::retention
