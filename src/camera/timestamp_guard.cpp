// SPDX-License-Identifier: MIT
#include "camera/timestamp_guard.h"

#include <algorithm>

namespace ronin::camera {

TimestampGuard::Fixed TimestampGuard::Fix(std::optional<uint64_t> pts_ns, uint64_t arrival_ns) {
  const int64_t waited = started_ ? int64_t(arrival_ns - last_arrival_) : 0;
  last_arrival_ = arrival_ns;
  if (!started_) {
    started_ = true;
    newest_ = int64_t(pts_ns.value_or(0));
    return {uint64_t(newest_), false};
  }
  const int64_t by_arrival = newest_ + std::max(waited, kMinStep);
  if (!pts_ns) {
    newest_ = by_arrival;
    return {uint64_t(newest_), false};
  }
  int64_t out = int64_t(*pts_ns) + offset_;
  // A pause of the network is no jump: then the arrival waited as long as the media time moved.
  const bool jumped = out < newest_ - kMaxBack || out > newest_ + waited + kMaxForward;
  if (jumped) {
    offset_ += by_arrival - out;
    out = by_arrival;
  }
  newest_ = std::max(newest_, out);
  return {uint64_t(out), jumped};
}

}  // namespace ronin::camera
