// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include <gst/gst.h>

namespace ronin_plugin {

/// From RTP timestamps (RFC 3550, 5.1: 32 bits that wrap, from anywhere) to a time of the pipeline:
/// that of the first packet when it came, and from there on what the camera says. Value; thread:
/// its owner's.
class RtpTime {
 public:
  /// @param rate  of its clock, in Hz, above 0
  void SetRate(int rate) {
    if (rate_ != rate) begun_ = false;
    rate_ = rate;
  }

  /// Nothing when it has to Begin() with this one: the first, and one that lies before all time.
  std::optional<GstClockTime> At(uint32_t stamp);

  /// This is `now`; never before what was given already. When the camera jumped back before all
  /// time, it is kJump later: a jump has to stay one for those who look for jumps.
  GstClockTime Begin(uint32_t stamp, GstClockTime now);

  static constexpr GstClockTime kJump = 10 * GST_SECOND;

 private:
  int rate_ = 0;
  bool begun_ = false;
  uint32_t stamp_ = 0;       // the last
  int64_t ticks_ = 0;        // from the first to the last
  GstClockTime first_ = 0;   // its time
  GstClockTime newest_ = 0;  // that was given
};

}  // namespace ronin_plugin
