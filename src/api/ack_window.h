// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "base/clock.h"

namespace ronin::api {

/// What a viewer was sent, and what of it it says it has received. Bytes are counted from
/// Restart() on. A value.
class AckWindow {
 public:
  static constexpr uint64_t kMostBytes = 1'500'000;  ///< unacknowledged
  static constexpr std::chrono::seconds kMostAge{2};
  /// So much counts as acknowledged: clients may leave out the init segment or the like.
  static constexpr uint64_t kSlack = 16 * 1024;

  void Restart();
  void Sent(uint64_t bytes, MonoTime now);
  /// @param total  since Restart(); less than before, or more than was sent, is no news
  void Acked(uint64_t total);

  /// Whether more may be sent.
  bool Open(MonoTime now) const { return outstanding() < kMostBytes && !Late(now); }
  /// Whether something waits for its acknowledgement for too long.
  bool Late(MonoTime now) const { return Age(now) > kMostAge; }
  /// For how long the oldest that is not acknowledged has been waiting for that.
  Micros Age(MonoTime now) const;
  uint64_t outstanding() const { return sent_ - acked_; }

 private:
  /// All up to `end` was sent at `at` or a little later.
  struct Mark {
    uint64_t end;
    MonoTime at;
  };
  uint64_t sent_ = 0;
  uint64_t acked_ = 0;
  std::deque<Mark> marks_;
};

}  // namespace ronin::api
