// SPDX-License-Identifier: MIT
#include "retention/volume_needs.h"

#include <algorithm>

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr Micros kRest = 2s;

}  // namespace

bool CanDelete(const VolumeGate& gate) {
  return gate.state() == VolumeState::kOk || gate.state() == VolumeState::kFull;
}

uint64_t VolumeNeeds::FloorOf(const VolumeGate& gate) const {
  return uint64_t(ReserveOf(limits_, gate.space(), 0).floor_bytes);
}

void VolumeNeeds::Look() {
  const MonoTime now = clock_.Mono();
  for (const auto& gate : volumes_.all()) {
    if (!CanDelete(*gate)) continue;
    free_.Look(*gate, now);
    if (const auto id = volumes_.CatalogId(*gate)) SeeChange(*gate, *id);
  }
}

void VolumeNeeds::Measured(const VolumeGate& gate, const FreeSpace& space) {
  free_.Measured(gate, space, clock_.Mono());
}

bool VolumeNeeds::AnyIsLow() const {
  return std::ranges::any_of(volumes_.all(), [this](const auto& gate) {
    const auto id = volumes_.CatalogId(*gate);
    return id && CanDelete(*gate) && IsLow(*gate) && !IsLeftAlone(*id);
  });
}

std::vector<VolumeNow> VolumeNeeds::Now() const {
  std::vector<VolumeNow> out;
  const MonoTime now = clock_.Mono();
  for (const auto& gate : volumes_.all()) {
    const auto id = volumes_.CatalogId(*gate);
    if (!id || !CanDelete(*gate)) continue;
    const auto futile = futile_.find(*id);
    const bool waits = futile != futile_.end() && futile->second.backoff.Waits(now);
    out.push_back({*id, free_.SpaceOf(*gate), free_.WriteRate(*gate), !waits});
  }
  return out;
}

void VolumeNeeds::Begin() {
  efforts_.clear();
  for (const auto& gate : volumes_.all()) {
    const auto id = volumes_.CatalogId(*gate);
    if (!id) continue;
    const int64_t free_bytes = FreeOf(*gate);
    efforts_[*id] = {.free_before = free_bytes,
                     .need_bytes = ReserveFor(*gate).goal_bytes - free_bytes,
                     .deleted_bytes = 0};
  }
}

void VolumeNeeds::Judge() {
  for (const auto& gate : volumes_.all()) {
    const auto id = volumes_.CatalogId(*gate);
    if (id && CanDelete(*gate)) JudgeOne(*gate, *id);
  }
}

void VolumeNeeds::JudgeOne(const VolumeGate& gate, int64_t volume_id) {
  const auto found = efforts_.find(volume_id);
  if (found == efforts_.end() || found->second.deleted_bytes <= 0) return;
  const Effort& effort = found->second;
  if (!IsLow(gate) || FreeOf(gate) - effort.free_before > effort.deleted_bytes / 4) {
    futile_.erase(volume_id);
    return;
  }
  const auto known = futile_.find(volume_id);
  if (known != futile_.end() && known->second.backoff.Waits(clock_.Mono())) return;
  const int64_t much =
      std::max(4 * ReserveFor(gate).goal_bytes, int64_t(free_.SpaceOf(gate).total_bytes) / 50);
  if (effort.deleted_bytes < (known != futile_.end() ? effort.need_bytes : much)) return;
  FutileVolume& futile = futile_[volume_id];
  futile.backoff.Failed(clock_.Mono());
  futile.free_bytes = FreeOf(gate);
}

void VolumeNeeds::End() {
  const MonoTime now = clock_.Mono();
  for (const auto& gate : volumes_.all()) {
    const auto id = volumes_.CatalogId(*gate);
    if (!id) continue;
    if (IsLow(*gate)) {
      resting_[*id] = now + kRest;
    } else {
      resting_.erase(*id);
    }
  }
}

void VolumeNeeds::TryAgain() {
  resting_.clear();
  for (auto& [id, futile] : futile_) futile.backoff.Reset();
}

std::set<int64_t> VolumeNeeds::Futile() const {
  std::set<int64_t> out;
  for (const auto& [id, futile] : futile_) out.insert(id);
  return out;
}

Reserve VolumeNeeds::ReserveFor(const VolumeGate& gate) const {
  return ReserveOf(limits_, free_.SpaceOf(gate), free_.WriteRate(gate));
}

int64_t VolumeNeeds::FreeOf(const VolumeGate& gate) const {
  return int64_t(free_.SpaceOf(gate).free_bytes);
}

bool VolumeNeeds::IsLow(const VolumeGate& gate) const {
  const Reserve reserve = ReserveFor(gate);
  return FreeOf(gate) < reserve.low_bytes ||
         int64_t(free_.SpaceOf(gate).free_files) < reserve.low_files;
}

bool VolumeNeeds::IsLeftAlone(int64_t volume_id) const {
  const MonoTime now = clock_.Mono();
  const auto resting = resting_.find(volume_id);
  if (resting != resting_.end() && now <= resting->second) return true;
  const auto futile = futile_.find(volume_id);
  return futile != futile_.end() && futile->second.backoff.Waits(now);
}

/// Room may come later, or by itself: what is futile now need not be so then.
void VolumeNeeds::SeeChange(const VolumeGate& gate, int64_t volume_id) {
  const auto found = futile_.find(volume_id);
  if (found == futile_.end()) return;
  const Reserve reserve = ReserveFor(gate);
  const int64_t free_bytes = FreeOf(gate);
  if (!IsLow(gate)) {
    futile_.erase(found);
  } else if (free_bytes - found->second.free_bytes > reserve.goal_bytes - reserve.low_bytes) {
    found->second.backoff.Reset();
    found->second.free_bytes = free_bytes;
  }
}

}  // namespace ronin::retention
