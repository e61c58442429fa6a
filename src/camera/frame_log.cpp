// SPDX-License-Identifier: MIT
#include "camera/frame_log.h"

#include <algorithm>

namespace ronin::camera {
namespace {

constexpr size_t kLargestKeyframe = 8u << 20;

}  // namespace

void FrameLog::Take(GstPad* pad, GstBuffer* buffer, MonoTime now) {
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) return;
  const LoggedFrame frame{GST_BUFFER_PTS(buffer), gst_buffer_get_size(buffer),
                          GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE};
  std::lock_guard lock(mutex_);
  progress_.newest_at = now;
  if (frames_.size() >= kMostFrames) return;
  if (frame.keyframe && ++progress_.keyframes == 1 && frame.bytes <= kLargestKeyframe) {
    const GRef<GstCaps> caps = Adopt(gst_pad_get_current_caps(pad));
    keyframe_ = Adopt(gst_sample_new(buffer, caps.Get(), nullptr, nullptr));
  }
  if (frames_.empty()) {
    progress_.first_at = now;
    earliest_ns_ = latest_ns_ = frame.pts_ns;
  }
  earliest_ns_ = std::min(earliest_ns_, frame.pts_ns);
  latest_ns_ = std::max(latest_ns_, frame.pts_ns);
  progress_.span = FrameFigures::Nanos(latest_ns_ - earliest_ns_);
  frames_.push_back(frame);
  progress_.frames = frames_.size();
}

FrameLog::Progress FrameLog::progress() const {
  std::lock_guard lock(mutex_);
  return progress_;
}

std::vector<LoggedFrame> FrameLog::frames() const {
  std::lock_guard lock(mutex_);
  return frames_;
}

GRef<GstSample> FrameLog::keyframe() const {
  std::lock_guard lock(mutex_);
  return keyframe_;
}

}  // namespace ronin::camera
