// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include "base/durations.h"

namespace ronin {

/// Measures how long the main loop works between two looks at what has come (a turn); all else on
/// main waits as long. Costs two readings of the clock for each turn. Thread: main.
class LoopWatch {
 public:
  LoopWatch();
  ~LoopWatch();
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;

  const Durations& turns() const { return turns_; }
  /// The longest turn of the last one to two minutes, without the one that runs.
  Micros longest() const;

 private:
  struct Hook;
  void Woke();
  void Sleeps();

  GSource* source_;
  Durations turns_;
  int64_t woke_us_ = 0;    // 0: no turn is under way
  int64_t minute_us_;      // when `this_minute_` began
  Micros this_minute_{0};  // the longest turn
  Micros minute_before_{0};
};

}  // namespace ronin
