// SPDX-License-Identifier: MIT
#include "camera/timestamp_guard.h"

#include <algorithm>
#include <cstdlib>

namespace ronin::camera {

TimestampGuard::Fixed TimestampGuard::Fix(std::optional<uint64_t> pts_ns, uint64_t arrival_ns) {
  const auto arrival = int64_t(arrival_ns);
  if (!started_) {
    started_ = true;
    last_arrival_ = arrival;
    newest_ = int64_t(pts_ns.value_or(0));
    first_arrival_ = arrival;
    BeginLine(newest_ - arrival);
    return {uint64_t(newest_), false};
  }
  const int64_t waited = arrival - last_arrival_;
  last_arrival_ = arrival;
  late_ = std::max(late_ - waited, waited);
  // When it came is when it was; a time line that ran ahead waits until that is so again.
  const int64_t by_arrival =
      newest_ + std::clamp(arrival + lead_ - newest_, kMinStep, std::max(waited, kMinStep));
  if (!pts_ns) {
    newest_ = by_arrival;
    return {uint64_t(newest_), false};
  }
  const int64_t out = int64_t(*pts_ns) + offset_;
  // A pause of the network is no jump: then the arrival waited as long as the media time moved.
  if (out < newest_ - kMaxBack || out > newest_ + waited + kMaxForward || RunsAway(out, arrival)) {
    return Restamp(int64_t(*pts_ns), by_arrival);
  }
  odd_ = 0;
  newest_ = std::max(newest_, out);
  return {uint64_t(out), false};
}

void TimestampGuard::BeginLine(int64_t lead) {
  lead_ = window_lead_ = lead;
  window_start_ = last_arrival_;
}

/// Frames come late, never early, so the largest lead is that of the least delayed frame: a time
/// line that leads by more was not measured by a clock, nor one that falls ever further behind.
/// What waited during a pause (of the network, or of this machine) comes in a burst, late by as
/// much. Clocks drift, so the lead is followed, slowly.
bool TimestampGuard::RunsAway(int64_t out, int64_t arrival) {
  const int64_t lead = out - arrival;
  if (arrival - first_arrival_ < kLearn) lead_ = std::max(lead_, lead);
  if (lead > lead_ + kMaxAhead || lead < lead_ - kMaxBehind - late_) return true;
  if (arrival - window_start_ >= kWindow) {
    lead_ = std::clamp(window_lead_, lead_ - kDrift, lead_ + kDrift);
    window_start_ = arrival;
    window_lead_ = lead;
  }
  window_lead_ = std::max(window_lead_, lead);
  return false;
}

TimestampGuard::Fixed TimestampGuard::Restamp(int64_t said, int64_t by_arrival) {
  const int64_t offset = by_arrival - said;
  const bool agrees = odd_ > 0 && std::abs(offset - odd_offset_) < kAlike;
  odd_ = agrees ? odd_ + 1 : 1;
  odd_offset_ = offset;
  newest_ = by_arrival;
  if (odd_ < kNewLine) return {uint64_t(by_arrival), false};
  odd_ = 0;
  newest_ = std::max(newest_, last_arrival_ + lead_);
  offset_ = newest_ - said;
  BeginLine(lead_);
  return {uint64_t(newest_), true};
}

}  // namespace ronin::camera
