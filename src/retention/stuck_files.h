// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "retention/backoff.h"

namespace ronin::retention {

/// Recordings that were to be deleted and cannot be, though their volume works: they are immutable,
/// belong to somebody else, or are no files. Those of a volume are left alone together for a while,
/// see Backoff, so that others go in their place. A value. Thread: its owner's.
class StuckFiles {
 public:
  /// So many of one volume are remembered; then the rest of it is left alone as well.
  static constexpr size_t kMost = 1000;

  /// A run begins: those that were left alone for long enough are tried again.
  void Begin(MonoTime now);
  /// These cannot be deleted.
  void Add(int64_t volume_id, const std::vector<int64_t>& segments, const std::string& why,
           MonoTime now);
  /// These were: what was in the way is gone, perhaps.
  void Deleted(int64_t volume_id, const std::vector<int64_t>& segments);
  /// All that was to go was tried: what was not added again is stuck no more.
  void End();
  /// People have changed something: tries all of them in the next run.
  void TryAgain();

  /// The segments to leave alone now.
  std::set<int64_t> LeftAlone() const;
  /// Whether nothing is to be deleted on the volume now.
  bool IsFull(int64_t volume_id) const;
  /// Why, by volume.
  std::map<int64_t, std::string> Reasons() const;

 private:
  struct OfVolume {
    std::set<int64_t> segments;
    std::set<int64_t> tried_again;  // in this run
    Backoff backoff;
    std::string why;
  };
  std::map<int64_t, OfVolume> volumes_;
};

}  // namespace ronin::retention
