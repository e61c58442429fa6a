// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

namespace ronin_plugin {

/// Where buffers lie on one time axis that only ever goes on: by their timestamps, and where those
/// are missing, jump or stand still, by the time between arrivals. Value; not thread-safe.
class QueueTime {
 public:
  /// The place of a buffer in ns, from an arbitrary zero.
  ///
  /// @param timestamp  its DTS or PTS, or GST_CLOCK_TIME_NONE
  /// @param arrival    now, in ns of the monotonic clock
  /// Never more than a second (reordered frames) below a place that was given before.
  GstClockTime Place(GstClockTime timestamp, GstClockTime arrival);

 private:
  bool started_ = false;
  GstClockTime newest_ = GST_SECOND;  ///< the largest place; a reordered frame is not below zero
  GstClockTime timestamp_ = GST_CLOCK_TIME_NONE;  ///< that belongs to `newest_`
  GstClockTime arrival_ = 0;                      ///< when `newest_` last moved
};

}  // namespace ronin_plugin
