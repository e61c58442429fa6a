// SPDX-License-Identifier: MIT
#include "storage/volumes.h"

#include <algorithm>
#include <utility>

namespace ronin {

Volumes::Volumes(const std::vector<std::string>& roots, std::vector<KnownVolume> known,
                 const Clock& clock, const VolumeGate::Settings& settings, Hooks hooks)
    : hooks_(std::move(hooks)), known_(std::move(known)) {
  for (const std::string& root : roots) {
    gates_.push_back(std::make_unique<VolumeGate>(
        int(gates_.size()), Volume(root).root(), clock, settings,
        VolumeGate::Hooks{.known = [this] { return known_; },
                          .taken = [this](const VolumeGate& gate,
                                          const std::string& uuid) { return Taken(gate, uuid); },
                          .changed = [this](VolumeGate& gate) { Changed(gate); },
                          .data_lost = hooks_.data_lost,
                          .in_use = hooks_.in_use}));
  }
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
  const std::string& uuid = gate.uuid();
  if (!uuid.empty() && seen_[uuid] != gate.root()) {
    seen_[uuid] = gate.root();
    const auto known =
        std::ranges::find_if(known_, [&](const auto& one) { return one.uuid == uuid; });
    if (known != known_.end()) {
      known->path = gate.root();
    } else {
      known_.push_back({uuid, gate.root()});
    }
    hooks_.identified(uuid, gate.root());
  }
  hooks_.changed(gate);
}

VolumeGate* Volumes::Choose() {
  const auto found = std::ranges::find_if(gates_, [](const auto& gate) { return gate->ok(); });
  return found == gates_.end() ? nullptr : found->get();
}

VolumeGate* Volumes::Holding(const std::string& path) {
  VolumeGate* best = nullptr;
  for (const auto& gate : gates_) {
    const std::string& root = gate->root();
    const bool holds = path.starts_with(root) && path.size() > root.size() &&
                       (root.ends_with('/') || path[root.size()] == '/');
    // One folder may lie in another.
    if (holds && (best == nullptr || root.size() > best->root().size())) best = gate.get();
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
  std::string uuid = gate.uuid();
  for (const KnownVolume& known : known_) {
    if (gate.uuid().empty() && known.path == gate.root()) uuid = known.uuid;
  }
  if (uuid.empty()) return std::nullopt;
  const auto found = std::ranges::find_if(ids_, [&](const auto& id) { return id.second == uuid; });
  return found == ids_.end() ? std::nullopt : std::optional(found->first);
}

void Volumes::StopWorkers() {
  for (const auto& gate : gates_) gate->StopWorkers();
}

}  // namespace ronin
