// SPDX-License-Identifier: MIT
#include "rtp_time.h"

#include <algorithm>
#include <utility>

namespace ronin_plugin {

std::optional<GstClockTime> RtpTime::At(uint32_t stamp) {
  if (!begun_) return std::nullopt;
  ticks_ += int32_t(stamp - stamp_);
  stamp_ = stamp;
  const auto passed =
      gst_util_uint64_scale_int(uint64_t(ticks_ < 0 ? -ticks_ : ticks_), GST_SECOND, rate_);
  if (ticks_ < 0 && passed > first_) return std::nullopt;
  const GstClockTime out = ticks_ < 0 ? first_ - passed : first_ + passed;
  newest_ = std::max(newest_, out);
  return out;
}

GstClockTime RtpTime::Begin(uint32_t stamp, GstClockTime now) {
  const bool jumped = std::exchange(begun_, true);
  stamp_ = stamp;
  ticks_ = 0;
  first_ = newest_ = std::max(newest_, now) + (jumped ? kJump : 0);
  return first_;
}

}  // namespace ronin_plugin
