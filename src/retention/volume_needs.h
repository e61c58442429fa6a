// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "retention/backoff.h"
#include "retention/free_space_watch.h"
#include "retention/planner.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// Whether recordings can be deleted on the volume now.
bool CanDelete(const VolumeGate& gate);

/// Which volumes need room, and on which of them deleting makes none: snapshots or readers hold the
/// space of what is deleted, or somebody else takes it at once. Going on there would cost all
/// recordings, so such a volume is left alone for longer and longer, see Backoff, and each new
/// attempt deletes no more than should have been enough. Thread: main.
class VolumeNeeds {
 public:
  /// Both outlive this.
  VolumeNeeds(const Clock& clock, Volumes& volumes, FreeSpaceWatch::Counted counted = {})
      : clock_(clock), volumes_(volumes), free_(std::move(counted)) {}

  void SetLimits(const Limits& limits) { limits_ = limits; }
  const Limits& limits() const { return limits_; }
  /// How much is to stay free on the volume, in bytes.
  uint64_t FloorOf(const VolumeGate& gate) const;

  /// Looks at the free space, twice a second.
  void Look();
  /// The free space was measured just now.
  void Measured(const VolumeGate& gate, const FreeSpace& space);
  /// Whether one needs room and is not left alone.
  bool AnyIsLow() const;
  /// What a plan needs to know of those from which can be deleted.
  std::vector<VolumeNow> Now() const;

  /// A run begins.
  void Begin();
  /// So much was deleted in this run.
  void Deleted(int64_t volume_id, int64_t bytes) { efforts_[volume_id].deleted_bytes += bytes; }
  /// Between two parts of a run: sees what has become of it.
  void Judge();
  /// The run ends. One that is low all the same is not looked at again at once.
  void End();
  /// People have changed something: none is left alone any more.
  void TryAgain();

  /// Those on which deleting makes no room.
  std::set<int64_t> Futile() const;

 private:
  /// What a run has done on one volume.
  struct Effort {
    int64_t free_before = 0;
    int64_t need_bytes = 0;
    int64_t deleted_bytes = 0;
  };
  struct FutileVolume {
    Backoff backoff;
    int64_t free_bytes = 0;  // when it was seen
  };

  Reserve ReserveFor(const VolumeGate& gate) const;
  int64_t FreeOf(const VolumeGate& gate) const;
  bool IsLow(const VolumeGate& gate) const;
  bool IsLeftAlone(int64_t volume_id) const;
  void SeeChange(const VolumeGate& gate, int64_t volume_id);
  void JudgeOne(const VolumeGate& gate, int64_t volume_id);

  const Clock& clock_;
  Volumes& volumes_;
  Limits limits_;
  FreeSpaceWatch free_;
  std::map<int64_t, Effort> efforts_;    // of the run under way
  std::map<int64_t, MonoTime> resting_;  // until when one that is low is left alone
  std::map<int64_t, FutileVolume> futile_;
};

}  // namespace ronin::retention
