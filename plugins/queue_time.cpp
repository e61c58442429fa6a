// SPDX-License-Identifier: MIT
#include "queue_time.h"

#include <algorithm>

namespace ronin_plugin {
namespace {

/// A step larger than this, and than twice the time that passed, is a jump. Reordered frames
/// (PTS without DTS) go back by less: 16 frames at 25 frames/s are 640 ms.
constexpr GstClockTime kJump = GST_SECOND;

}  // namespace

GstClockTime QueueTime::Place(GstClockTime timestamp, GstClockTime arrival) {
  if (!started_) {
    started_ = true;
    timestamp_ = timestamp;
    arrival_ = arrival;
    return newest_;
  }
  const GstClockTime elapsed = arrival > arrival_ ? arrival - arrival_ : 0;
  GstClockTime step = elapsed;
  if (!GST_CLOCK_TIME_IS_VALID(timestamp)) {
    // The timestamp it would have, so that the next one that has one is measured from there.
    if (GST_CLOCK_TIME_IS_VALID(timestamp_)) timestamp_ += elapsed;
  } else {
    if (GST_CLOCK_TIME_IS_VALID(timestamp_)) {
      if (timestamp > timestamp_) {
        const GstClockTime forward = timestamp - timestamp_;
        if (forward <= std::max(kJump, 2 * elapsed)) step = forward;
      } else if (timestamp_ - timestamp <= kJump && elapsed <= kJump) {
        return newest_ - (timestamp_ - timestamp);
      }
    }
    timestamp_ = timestamp;
  }
  newest_ += step;
  arrival_ = arrival;
  return newest_;
}

}  // namespace ronin_plugin
