// SPDX-License-Identifier: MIT
#include "drop_report.h"

#include <algorithm>

namespace ronin_plugin {
namespace {

constexpr GstClockTime kInterval = GST_SECOND;

}  // namespace

void DropReport::Add(GstBuffer* buffer, GstClockTime now) {
  if (!running_) {
    running_ = true;
    run_.since = now;
    told_ = now;
  }
  ++frames_;
  ++run_.frames;
  run_.bytes += gst_buffer_get_size(buffer);
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  if (!GST_CLOCK_TIME_IS_VALID(pts)) return;
  const GstClockTime end =
      pts + (GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0);
  const bool first = !GST_CLOCK_TIME_IS_VALID(run_.start);
  run_.start = first ? pts : std::min(run_.start, pts);
  run_.end = first ? end : std::max(run_.end, end);
}

std::optional<DropRun> DropReport::Take(bool ended, GstClockTime now) {
  if (!running_ || (!ended && now - told_ < kInterval)) return std::nullopt;
  const DropRun out = run_;
  run_ = {};
  run_.since = out.since;
  running_ = !ended;
  told_ = now;
  if (out.frames == 0) return std::nullopt;
  return out;
}

}  // namespace ronin_plugin
