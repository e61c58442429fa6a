// SPDX-License-Identifier: MIT
#include "retention/stuck_files.h"

#include <algorithm>

namespace ronin::retention {

void StuckFiles::Begin(MonoTime now) {
  for (auto& [id, volume] : volumes_) {
    volume.tried_again.clear();
    if (!volume.backoff.Waits(now)) volume.tried_again.swap(volume.segments);
  }
}

void StuckFiles::Add(int64_t volume_id, const std::vector<int64_t>& segments,
                     const std::string& why, MonoTime now) {
  if (segments.empty()) return;
  OfVolume& volume = volumes_[volume_id];
  // The first one of a new attempt counts; more of them wait along with it.
  if (volume.segments.empty()) {
    volume.backoff.Failed(now);
    volume.why = why;
  }
  volume.segments.insert(segments.begin(), segments.end());
}

void StuckFiles::Deleted(int64_t volume_id, const std::vector<int64_t>& segments) {
  const auto found = volumes_.find(volume_id);
  if (found == volumes_.end()) return;
  const auto was_stuck = [&](int64_t id) { return found->second.tried_again.contains(id); };
  if (std::ranges::any_of(segments, was_stuck)) found->second.backoff.Reset();
}

void StuckFiles::End() {
  std::erase_if(volumes_, [](const auto& one) { return one.second.segments.empty(); });
}

void StuckFiles::TryAgain() {
  for (auto& [id, volume] : volumes_) volume.backoff.Reset();
}

std::set<int64_t> StuckFiles::LeftAlone() const {
  std::set<int64_t> out;
  for (const auto& [id, volume] : volumes_) {
    out.insert(volume.segments.begin(), volume.segments.end());
  }
  return out;
}

bool StuckFiles::IsFull(int64_t volume_id) const {
  const auto found = volumes_.find(volume_id);
  return found != volumes_.end() && found->second.segments.size() >= kMost;
}

std::map<int64_t, std::string> StuckFiles::Reasons() const {
  std::map<int64_t, std::string> out;
  for (const auto& [id, volume] : volumes_) out[id] = volume.why;
  return out;
}

}  // namespace ronin::retention
