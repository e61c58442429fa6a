// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <gst/gst.h>

namespace ronin_plugin {

/// Puts RTP packets in the order of their sequence numbers (RFC 3550, 5.1). TCP keeps the order,
/// but not everybody who sends by it has the packets in order: relays of UDP, above all.
///
/// A packet that others are missing before waits for these, until 32 wait or the first of them has
/// waited for 100 ms; then what is missing is given up. What comes late or twice is dropped. A
/// number far from the one that was due begins a new count, as after a restart of the camera, and
/// so do 32 in a row that would all be late. Owns the buffers that wait. Value; thread: its
/// owner's.
class RtpOrder {
 public:
  static constexpr size_t kMostWaiting = 32;
  static constexpr int64_t kLongestWaitUs = 100'000;
  static constexpr int kFar = 1000;  ///< in numbers
  static constexpr int kLateInARow = 32;

  RtpOrder() = default;
  RtpOrder(const RtpOrder&) = delete;
  RtpOrder& operator=(const RtpOrder&) = delete;
  ~RtpOrder() { Reset(); }

  /// Whether it may leave as it is, which is what nearly all may: nothing waits, and it is the one
  /// that is due. It counts as gone, then.
  bool IsDue(uint16_t number) {
    if (!waiting_.empty() || (due_ && *due_ != number)) return false;
    due_ = uint16_t(number + 1);
    late_ = 0;
    return true;
  }

  /// One that IsDue() refused. Gives what may leave now, in its order.
  /// @param buffer  (transfer full)
  /// @param now_us  of the monotonic clock
  std::vector<GstBuffer*> Put(uint16_t number, GstBuffer* buffer, int64_t now_us);

  /// Gives all that waits, in its order.
  std::vector<GstBuffer*> Flush();

  /// Forgets all.
  void Reset();

 private:
  bool BeginsAnew(uint16_t number, int ahead);
  void TakeDue(std::vector<GstBuffer*>* out);
  void SkipMissing();

  std::optional<uint16_t> due_;        // the next number; none before the first packet
  std::map<int, GstBuffer*> waiting_;  // by how far they are from `base_`, above 0
  uint16_t base_ = 0;                  // the number that was due when the first began to wait
  int64_t waiting_since_us_ = 0;
  int late_ = 0;  // packets in a row that were late, each the one behind the other
  uint16_t last_late_ = 0;
};

}  // namespace ronin_plugin
