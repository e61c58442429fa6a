// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/alarms.h"
#include "base/held_condition.h"
#include "base/source.h"
#include "storage/volumes.h"

namespace ronin {

/// Raises the alarms about the folders for recordings. Full, missing, failing: at once. Low (less
/// than nine tenths of what retention keeps free, although it deletes): after a minute. Slow (the
/// disk spends two thirds of a minute on bringing what came to it, see VolumeSync): after that
/// minute. Each ends when it has been over for ten seconds. Thread: main.
class VolumeAlarms {
 public:
  /// All of it outlives this.
  struct Context {
    Volumes& volumes;
    Alarms& alarms;
    const Clock& clock;
    /// How much retention keeps free on the volume.
    std::function<uint64_t(const VolumeGate&)> reserve;
  };
  /// What is known of one volume now.
  struct Facts {
    std::string folder;
    std::optional<int64_t> id;  ///< in the catalog; nothing: not known yet
    VolumeState state = VolumeState::kChecking;
    std::string sentence;
    FreeSpace space;
    uint64_t reserve_bytes = 0;
    double synced_s = 0;  ///< how long all its syncs took, since the start
  };

  /// Looks every second from now on.
  explicit VolumeAlarms(Context context);

  /// Looks now, at these volumes; there are no others.
  void Look(const std::vector<Facts>& all);

 private:
  /// What was seen of one volume.
  struct Watched {
    AlarmSubject subject;
    std::map<AlarmKind, HeldCondition> conditions;
    std::map<AlarmKind, std::string> sentences;
    std::deque<std::pair<MonoTime, double>> syncs;  // of a minute, one a second
  };
  void LookAt(Watched& watched, const Facts& facts);
  void Put(Watched& watched, AlarmKind kind, bool holds, const std::string& sentence);
  double BusyShare(Watched& watched, double synced_s) const;

  const Context context_;
  std::map<std::string, Watched> watched_;  // by folder
  Source timer_;
};

}  // namespace ronin
