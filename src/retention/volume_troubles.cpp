// SPDX-License-Identifier: MIT
#include "retention/volume_troubles.h"

#include "base/text.h"

namespace ronin::retention {

void VolumeTroubles::SetShort(const std::set<int64_t>& volumes) {
  Sentences now;
  for (const int64_t id : volumes) {
    now[id] = Concat(
        "The disk of ", RootOf(id),
        " is too small for what is to be kept: recordings go that their cameras were to keep, or "
        "there is nothing left that may go. Make room, or keep less.");
  }
  Put(AlarmKind::kRetentionShort, std::move(now));
}

void VolumeTroubles::SetStuck(const std::set<int64_t>& futile,
                              const std::map<int64_t, std::string>& stuck) {
  Sentences now;
  for (const auto& [id, why] : stuck) {
    now[id] = Concat("Old recordings on ", RootOf(id), " cannot be deleted (", why,
                     "), so that others go in their place. See whether they are write-protected or "
                     "belong to somebody else.");
  }
  for (const int64_t id : futile) {
    now[id] = Concat("Deleting recordings makes no room on ", RootOf(id),
                     ", so it is tried only now and then. See whether snapshots hold what is "
                     "deleted, or something else fills the disk.");
  }
  Put(AlarmKind::kRetentionStuck, std::move(now));
}

std::string VolumeTroubles::RootOf(int64_t volume_id) const {
  const VolumeGate* gate = volumes_.Find(volume_id);
  return gate != nullptr ? gate->root() : "";
}

void VolumeTroubles::Put(AlarmKind kind, Sentences now) {
  std::erase_if(now, [this](const auto& one) { return volumes_.Find(one.first) == nullptr; });
  Sentences& told = told_[kind];
  if (now == told) return;
  for (const auto& [id, sentence] : now) tell_(kind, id, sentence);
  for (const auto& [id, sentence] : told) {
    if (!now.contains(id)) tell_(kind, id, "");
  }
  told = std::move(now);
}

}  // namespace ronin::retention
