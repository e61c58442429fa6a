// SPDX-License-Identifier: MIT
#include "retention/free_space_watch.h"

#include <algorithm>

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

// A gate looks every second, so what was seen less than that ago is newer than its last look.
constexpr Micros kFresh = 1200ms;
constexpr double kFade = 0.97;  // per look

}  // namespace

void FreeSpaceWatch::Measured(const VolumeGate& gate, const FreeSpace& space, MonoTime now) {
  const auto [found, is_new] = states_.try_emplace(&gate, State{space, now, 0});
  State& state = found->second;
  if (is_new) return;
  const double seconds = std::max(double((now - state.at).count()) / 1e6, 0.1);
  const double shrunk = double(state.space.free_bytes) - double(space.free_bytes);
  state.rate = std::max(shrunk / seconds, state.rate * kFade);
  state.space = space;
  state.at = now;
}

void FreeSpaceWatch::Look(const VolumeGate& gate, MonoTime now) {
  const auto found = states_.find(&gate);
  if (found != states_.end() && now - found->second.at < kFresh) return;
  Measured(gate, gate.space(), now);
}

FreeSpace FreeSpaceWatch::SpaceOf(const VolumeGate& gate) const {
  const auto found = states_.find(&gate);
  const FreeSpace& measured = found != states_.end() ? found->second.space : gate.space();
  return counted_ ? counted_(measured) : measured;
}

int64_t FreeSpaceWatch::WriteRate(const VolumeGate& gate) const {
  const auto found = states_.find(&gate);
  return found != states_.end() ? int64_t(found->second.rate) : 0;
}

}  // namespace ronin::retention
