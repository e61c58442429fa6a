// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/clock.h"
#include "storage/volume_gate.h"

namespace ronin::retention {

/// How fast the free space of each volume shrinks, whoever writes there. Thread: main.
class FreeSpaceWatch {
 public:
  using Counted = std::function<FreeSpace(const FreeSpace& measured)>;
  /// @param counted  what of the measured space counts; empty: all
  explicit FreeSpaceWatch(Counted counted = {}) : counted_(std::move(counted)) {}

  /// The space was measured at `now`.
  void Measured(const VolumeGate& gate, const FreeSpace& space, MonoTime now);
  /// Takes what the gate saw at its last look, unless something newer is known.
  void Look(const VolumeGate& gate, MonoTime now);
  /// The newest that is known.
  FreeSpace SpaceOf(const VolumeGate& gate) const;
  /// Bytes per second; a burst is remembered for a minute or so.
  int64_t WriteRate(const VolumeGate& gate) const;

 private:
  struct State {
    FreeSpace space;
    MonoTime at{};
    double rate = 0;
  };
  const Counted counted_;
  std::map<const VolumeGate*, State> states_;
};

}  // namespace ronin::retention
