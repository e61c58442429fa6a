// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/alarms.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// What keeps volumes from getting the room that they need, told when it begins and when it is
/// over. Thread: main.
class VolumeTroubles {
 public:
  /// `sentence` is the trouble now; empty: none.
  using Tell = std::function<void(AlarmKind kind, int64_t volume_id, const std::string& sentence)>;

  /// @param volumes  outlives this
  VolumeTroubles(Volumes& volumes, Tell tell) : volumes_(volumes), tell_(std::move(tell)) {}

  /// Footage goes before its time on these, or there is nothing left that may go.
  void SetShort(const std::set<int64_t>& volumes);
  /// Deleting makes no room on `futile`; on `stuck` some recordings cannot be deleted, with the
  /// reason. Of a volume that is both, the first is told.
  void SetStuck(const std::set<int64_t>& futile, const std::map<int64_t, std::string>& stuck);

 private:
  using Sentences = std::map<int64_t, std::string>;  // by volume
  std::string RootOf(int64_t volume_id) const;
  void Put(AlarmKind kind, Sentences now);

  Volumes& volumes_;
  const Tell tell_;
  std::map<AlarmKind, Sentences> told_;
};

}  // namespace ronin::retention
