// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <vector>

#include "base/clock.h"
#include "base/stream_id.h"

namespace ronin::camera {

/// How often a camera may still be tried with its user and password, whichever of its streams asks:
/// no more than 3 refused attempts within three times the wait after one, so that the camera does
/// not lock the account. An attempt under way may be refused, too. The sub stream has 2 of them, so
/// that it never keeps the main one from connecting. Value; thread: its owner's.
class LoginBudget {
 public:
  /// Begins an attempt. False: not now; ask again in a while.
  /// @param wait  after a refused attempt
  bool Begin(StreamKind stream, MonoTime now, std::chrono::milliseconds wait);
  /// It was let in: nothing counts any more.
  void Accepted();
  /// It was turned away.
  void Refused(MonoTime now);
  /// It ended before it was known.
  void Abandoned() { --under_way_; }
  /// User, password or address are others.
  void Reset() { refused_.clear(); }

 private:
  static constexpr size_t kMost = 3;

  size_t under_way_ = 0;
  std::vector<MonoTime> refused_;  // at most kMost
};

}  // namespace ronin::camera
