// SPDX-License-Identifier: MIT
#include "storage/volume_shares.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace ronin {
namespace {

/// FNV-1a and a finaliser (MurmurHash3's), since it must be the same after a restart.
uint64_t HashOf(const std::string& camera, const std::string& volume) {
  uint64_t hash = 14695981039346656037U;
  for (const std::string* text : {&camera, &volume}) {
    for (const char c : *text) hash = (hash ^ uint8_t(c)) * 1099511628211U;
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33);
}

}  // namespace

int64_t VolumeShares::Count(const std::string& uuid) const {
  return std::ranges::count_if(homes_, [&](const auto& home) { return home.second == uuid; });
}

/// The one that is the least full, by its weight, with one camera more.
std::string VolumeShares::Emptiest() const {
  std::string best;
  int64_t best_count = 0;
  int64_t best_weight = 1;
  for (const Share& share : shares_) {
    const int64_t count = Count(share.uuid) + 1;
    if (!best.empty() && count * best_weight >= best_count * share.weight) continue;
    best = share.uuid;
    best_count = count;
    best_weight = share.weight;
  }
  return best;
}

std::string VolumeShares::HomeOf(const std::string& camera) {
  const auto known = homes_.find(camera);
  if (known != homes_.end()) return known->second;
  std::string home = Emptiest();
  if (!home.empty()) homes_[camera] = home;
  return home;
}

std::vector<std::string> VolumeShares::Set(std::vector<Share> shares) {
  shares_ = std::move(shares);
  std::vector<std::string> moved;
  if (shares_.empty()) return moved;
  for (const auto& [camera, home] : homes_) {
    const bool there = std::ranges::any_of(
        shares_, [&home = home](const Share& share) { return share.uuid == home; });
    if (!there) moved.push_back(camera);
  }
  for (const std::string& camera : moved) homes_.erase(camera);
  for (const std::string& camera : moved) HomeOf(camera);
  while (MoveOne(&moved)) {
  }
  return moved;
}

/// From the fullest to the emptiest, if it is then still not fuller than the other was. Each time
/// the fullest gets less full, so this ends.
bool VolumeShares::MoveOne(std::vector<std::string>* moved) {
  const std::string to = Emptiest();
  const auto weight = [this](const std::string& uuid) {
    return int64_t(std::ranges::find(shares_, uuid, &Share::uuid)->weight);
  };
  const auto fuller = [&](const Share& a, const Share& b) {
    return Count(a.uuid) * b.weight < Count(b.uuid) * a.weight;
  };
  const std::string from = std::ranges::max_element(shares_, fuller)->uuid;
  if (from == to || (Count(to) + 1) * weight(from) >= Count(from) * weight(to)) return false;
  const auto camera =
      std::ranges::find_if(homes_, [&](const auto& home) { return home.second == from; });
  camera->second = to;
  moved->push_back(camera->first);
  return true;
}

/// Rendezvous hashing: without one of the volumes, the others keep their order.
std::vector<std::string> VolumeShares::StandIns(const std::string& camera,
                                                std::vector<Share> shares) {
  const auto score = [&camera](const Share& share) {
    const double part = (double(HashOf(camera, share.uuid) >> 11) + 0.5) / 9007199254740992.0;
    return -double(share.weight) / std::log(part);
  };
  std::ranges::stable_sort(shares, std::ranges::greater(), score);
  std::vector<std::string> out;
  for (Share& share : shares) out.push_back(std::move(share.uuid));
  return out;
}

}  // namespace ronin
