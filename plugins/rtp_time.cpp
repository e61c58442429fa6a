// SPDX-License-Identifier: MIT
#include "rtp_time.h"

#include <algorithm>

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
  begun_ = true;
  stamp_ = stamp;
  ticks_ = 0;
  first_ = newest_ = std::max(newest_, now);
  return first_;
}

}  // namespace ronin_plugin
