// SPDX-License-Identifier: MIT
#include "storage/volumes.h"

#include <algorithm>
#include <utility>

namespace ronin {

Volumes::Volumes(const std::vector<std::string>& roots, std::vector<KnownVolume> known,
                 const Clock& clock, const VolumeGate::Settings& settings, Hooks hooks,
                 VolumeShares::Homes homes)
    : clock_(clock),
      settings_(settings),
      hooks_(std::move(hooks)),
      known_(std::move(known)),
      shares_(std::move(homes)) {
  for (const std::string& root : roots) Make(root);
  configured_ = gates_.size();
}

void Volumes::Make(const std::string& root) {
  gates_.push_back(std::make_unique<VolumeGate>(
      int(gates_.size() + retired_.size()), Volume(root).root(), clock_, settings_,
      VolumeGate::Hooks{.known = [this] { return known_; },
                        .taken = [this](const VolumeGate& gate,
                                        const std::string& uuid) { return Taken(gate, uuid); },
                        .changed = [this](VolumeGate& gate) { Changed(gate); },
                        .data_lost = hooks_.data_lost,
                        .in_use = hooks_.in_use}));
}

VolumeGate* Volumes::Add(const std::string& root) {
  const auto is_there = [&](const auto& gate) { return gate->root() == Volume(root).root(); };
  if (std::ranges::any_of(gates_, is_there)) return nullptr;
  const auto old = std::ranges::find_if(retired_, is_there);
  if (old != retired_.end()) {
    gates_.push_back(std::move(*old));
    retired_.erase(old);
    gates_.back()->Revive();
  } else if (gates_.size() + retired_.size() < kMost) {
    Make(root);
  } else {
    return nullptr;
  }
  on_trial_.insert(gates_.back().get());
  return gates_.back().get();
}

void Volumes::Admit(VolumeGate& gate) {
  if (on_trial_.erase(&gate) == 0) return;
  Share();
  hooks_.changed(gate);
}

void Volumes::Remove(VolumeGate& gate) {
  const auto found = std::ranges::find_if(gates_, [&](const auto& g) { return g.get() == &gate; });
  if (found == gates_.end() || IsConfigured(gate)) return;
  retired_.push_back(std::move(*found));
  gates_.erase(found);
  gate.Retire();
  on_trial_.erase(&gate);
  seen_.erase(gate.uuid());  // it may come back at another folder
  Share();
  hooks_.changed(gate);
}

bool Volumes::IsConfigured(const VolumeGate& gate) const {
  const auto end = gates_.begin() + std::ptrdiff_t(configured_);
  return std::find_if(gates_.begin(), end, [&](const auto& g) { return g.get() == &gate; }) != end;
}

bool Volumes::IsLastTaker(const VolumeGate& gate) const {
  return std::ranges::none_of(gates_, [&](const auto& other) {
    const VolumeUse use = UseOf(DiskOf(*other));
    return other.get() != &gate && !on_trial_.contains(other.get()) &&
           use.role == VolumeRole::kRecording && use.weight > 0;
  });
}

std::string Volumes::Taken(const VolumeGate& gate, const std::string& uuid) const {
  for (const auto& other : gates_) {
    if (other.get() == &gate) continue;
    const bool there = other->state() != VolumeState::kMissing;
    if (there && other->uuid() == uuid) return other->root();
  }
  return {};
}

void Volumes::Changed(VolumeGate& gate) {
  if (gate.retired()) return;
  if (!gate.uuid().empty() && seen_[gate.uuid()] != gate.root()) Identified(gate);
  Share();
  hooks_.changed(gate);
}

void Volumes::Identified(const VolumeGate& gate) {
  const std::string& uuid = gate.uuid();
  seen_[uuid] = gate.root();
  const auto known = std::ranges::find(known_, uuid, &KnownVolume::uuid);
  if (known != known_.end()) {
    known->path = gate.root();
  } else {
    // It has taken the place of another, so it is used like that.
    VolumeUse use;
    for (const KnownVolume& one : known_) {
      if (one.path == gate.root()) use = one.use;
    }
    known_.push_back({uuid, gate.root(), use});
  }
  hooks_.identified(uuid, gate.root());
}

std::string Volumes::DiskOf(const VolumeGate& gate) const {
  if (!gate.uuid().empty()) return gate.uuid();
  std::string out;
  for (const KnownVolume& one : known_) {
    if (one.path == gate.root() && Taken(gate, one.uuid).empty()) out = one.uuid;
  }
  return out;
}

std::map<int64_t, std::string> Volumes::Disks() const {
  std::map<int64_t, std::string> out;
  for (const auto& gate : gates_) {
    const std::string uuid = DiskOf(*gate);
    if (const auto id = IdOf(uuid); id && !uuid.empty()) out[*id] = uuid;
  }
  return out;
}

VolumeUse Volumes::UseOf(const std::string& uuid) const {
  const auto known = std::ranges::find(known_, uuid, &KnownVolume::uuid);
  return known == known_.end() ? VolumeUse() : known->use;
}

void Volumes::SetUse(const std::string& uuid, const VolumeUse& use) {
  const auto known = std::ranges::find(known_, uuid, &KnownVolume::uuid);
  VolumeGate* gate = OfDisk(uuid);
  if (known == known_.end() || known->use == use) return;
  known->use = use;
  Share();
  if (gate != nullptr) hooks_.changed(*gate);
}

std::optional<int64_t> Volumes::IdOf(const std::string& uuid) const {
  for (const auto& [id, one] : ids_) {
    if (one == uuid) return id;
  }
  return std::nullopt;
}

/// Spreads the cameras over the volumes that are used now. Whether they can be written to plays no
/// part: those of one that is away come back to it.
void Volumes::Share() {
  std::vector<VolumeShares::Share> shares;
  for (const auto& gate : gates_) {
    if (on_trial_.contains(gate.get())) continue;
    // Disks may have changed places; so nobody moves before each was looked at.
    if (gate->state() == VolumeState::kChecking) return;
    const std::string uuid = DiskOf(*gate);
    const VolumeUse use = UseOf(uuid);
    if (!uuid.empty() && use.role == VolumeRole::kRecording && use.weight > 0) {
      shares.push_back({uuid, use.weight});
    }
  }
  if (shares == shares_.shares()) return;
  for (const std::string& camera : shares_.Set(std::move(shares))) Tell(camera);
}

void Volumes::Tell(const std::string& camera_uuid) {
  const auto home = shares_.homes().find(camera_uuid);
  if (hooks_.homed && home != shares_.homes().end()) hooks_.homed(camera_uuid, home->second);
}

VolumeGate* Volumes::OfDisk(const std::string& uuid) const {
  const auto found =
      std::ranges::find_if(gates_, [&](const auto& gate) { return DiskOf(*gate) == uuid; });
  return found == gates_.end() ? nullptr : found->get();
}

/// Which disk is the camera's, whether it is there or not.
std::string Volumes::OwnOf(const std::string& camera_uuid, const std::string& assigned) {
  if (!assigned.empty() && OfDisk(assigned) != nullptr) {
    shares_.Forget(camera_uuid);
    return assigned;
  }
  const bool is_new = !shares_.homes().contains(camera_uuid);
  std::string home = shares_.HomeOf(camera_uuid);
  if (is_new) Tell(camera_uuid);
  // Without any volume for the cameras, homes are as they were.
  const VolumeUse use = UseOf(home);
  const bool takes = use.role == VolumeRole::kRecording && use.weight > 0;
  return takes ? home : std::string();
}

VolumeGate* Volumes::Choose(const std::string& camera_uuid, const std::string& assigned) {
  const std::string own = OwnOf(camera_uuid, assigned);
  VolumeGate* gate = own.empty() ? nullptr : OfDisk(own);
  if (gate != nullptr && gate->ok()) return gate;
  gate = StandIn(camera_uuid, VolumeRole::kRecording);
  return gate != nullptr ? gate : StandIn(camera_uuid, VolumeRole::kArchive);
}

bool Volumes::MayRecord() const {
  return std::ranges::any_of(
      gates_, [&](const auto& gate) { return gate->ok() && !on_trial_.contains(gate.get()); });
}

VolumeGate* Volumes::StandIn(const std::string& camera_uuid, VolumeRole role) {
  std::vector<VolumeShares::Share> shares;
  for (const auto& gate : gates_) {
    const VolumeUse use = UseOf(gate->uuid());
    if (gate->ok() && use.role == role && use.weight > 0 && !on_trial_.contains(gate.get())) {
      shares.push_back({gate->uuid(), use.weight});
    }
  }
  if (shares.empty()) return nullptr;
  return OfDisk(VolumeShares::StandIns(camera_uuid, std::move(shares)).front());
}

std::string Volumes::Reason() const {
  std::string reason;
  for (const auto& gate : gates_) {
    if (gate->state() == VolumeState::kChecking) return {};
    if (reason.empty()) reason = gate->sentence();
  }
  if (!reason.empty()) return reason;
  return "No volume takes new recordings; give one of them a weight above 0.";
}

VolumeGate* Volumes::Holding(const std::string& path) {
  VolumeGate* best = nullptr;
  for (const auto* gates : {&gates_, &retired_}) {
    for (const auto& gate : *gates) {
      const std::string& root = gate->root();
      const bool holds = path.starts_with(root) && path.size() > root.size() &&
                         (root.ends_with('/') || path[root.size()] == '/');
      // One folder may lie in another.
      if (holds && (best == nullptr || root.size() > best->root().size())) best = gate.get();
    }
  }
  return best;
}

VolumeGate* Volumes::Find(int64_t catalog_id) {
  const auto uuid = ids_.find(catalog_id);
  if (uuid == ids_.end()) return nullptr;
  for (const auto& gate : gates_) {
    if (gate->state() != VolumeState::kMissing && gate->uuid() == uuid->second) return gate.get();
  }
  return nullptr;
}

std::optional<int64_t> Volumes::CatalogId(const VolumeGate& gate) const {
  return IdOf(DiskOf(gate));
}

void Volumes::StopWorkers() {
  for (const auto& gate : gates_) gate->StopWorkers();
  for (const auto& gate : retired_) gate->StopWorkers();
}

}  // namespace ronin
