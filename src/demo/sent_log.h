// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace ronin::demo {

/// One picture that left a camera.
struct SentFrame {
  uint64_t number = 0;
  int64_t utc_ns = 0;   ///< when it was due
  int64_t mono_ns = 0;  ///< the same instant of CLOCK_MONOTONIC
  int64_t sent_ns = 0;  ///< CLOCK_MONOTONIC when it was sent: later, when the machine is busy
  bool keyframe = false;
  /// Clients in PLAY at that moment. 0: it was pushed while a client was setting up, and such a
  /// client gets it as soon as it plays.
  int players = 0;
};

/// What a camera sent, the newest 200 000 pictures. Any thread.
class SentLog {
 public:
  void Add(const SentFrame& frame);
  /// Told each picture as it is sent, on the pump's thread; it must not block or call the log.
  void SetListener(std::function<void(const SentFrame&)> listener);
  std::vector<SentFrame> All() const;
  std::optional<SentFrame> First() const;
  std::optional<SentFrame> Last() const;
  size_t size() const;

 private:
  mutable std::mutex mutex_;  // guards all below
  std::deque<SentFrame> frames_;
  std::function<void(const SentFrame&)> listener_;
};

}  // namespace ronin::demo
