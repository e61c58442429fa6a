// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/source.h"

namespace ronin::live {

/// Requests that wait for the next of a live stream. Each is answered once: when it is there, when
/// nothing will come, or when its time is over; those who have left give their place free. There
/// are never more than `most`. Thread: main.
class Waiters {
 public:
  struct Waiter {
    std::function<bool()> serve;  ///< true when it has replied
    std::function<void(const Error&)> fail;
    std::function<bool()> gone;  ///< whether who asked has left
    MonoTime limit;
  };

  /// The clock outlives it.
  Waiters(const Clock& clock, size_t most) : clock_(clock), most_(most) {}
  Waiters(const Waiters&) = delete;
  Waiters& operator=(const Waiters&) = delete;

  /// Serves it now if that can be, and keeps it if not; with too many it fails.
  void ServeOrKeep(Waiter waiter);
  void ServeAll();
  void FailAll(const Error& error);
  bool empty() const { return waiting_.empty(); }

 private:
  void Sweep();

  const Clock& clock_;
  const size_t most_;
  std::vector<Waiter> waiting_;
  Source sweep_;
};

}  // namespace ronin::live
