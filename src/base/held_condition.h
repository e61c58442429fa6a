// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/clock.h"

namespace ronin {

/// A condition that counts once it has held for a while, and until it has been over for a while, so
/// that what goes to and fro is told once. A value; its owner's thread.
class HeldCondition {
 public:
  /// @param after  for so long it must hold; 0: it counts at once
  /// @param until  for so long it must be over
  HeldCondition(Micros after, Micros until) : after_(after), until_(until) {}

  /// What it is now; look often. Returns whether it counts.
  bool Look(bool holds, MonoTime now) {
    if (holds == counts_) {
      since_.reset();
      return counts_;
    }
    if (!since_) since_ = now;
    if (now - *since_ >= (counts_ ? until_ : after_)) {
      counts_ = holds;
      since_.reset();
    }
    return counts_;
  }
  bool counts() const { return counts_; }

 private:
  Micros after_;
  Micros until_;
  bool counts_ = false;
  std::optional<MonoTime> since_;  // when it became other than what counts
};

}  // namespace ronin
