// SPDX-License-Identifier: MIT
#include "camera/stream_meter.h"

namespace ronin::camera {

void StreamMeter::Frame(uint64_t pts_ns, uint64_t bytes, bool keyframe) {
  std::lock_guard lock(mutex_);
  ++reading_.frames;
  if (!started_) {
    started_ = true;
    window_start_ = pts_ns;
  }
  if (keyframe) {
    if (had_key_ && pts_ns > last_key_) {
      reading_.keyframe_interval_s = double(pts_ns - last_key_) / 1e9;
    }
    had_key_ = true;
    last_key_ = pts_ns;
  }
  if (pts_ns >= window_start_ + kWindowNs) {
    const double seconds = double(pts_ns - window_start_) / 1e9;
    reading_.fps = double(window_frames_) / seconds;
    reading_.bitrate_bps = int64_t(double(window_bytes_) * 8 / seconds);
    window_start_ = pts_ns;
    window_bytes_ = 0;
    window_frames_ = 0;
  }
  window_bytes_ += bytes;
  ++window_frames_;
}

StreamMeter::Reading StreamMeter::Read() const {
  std::lock_guard lock(mutex_);
  return reading_;
}

}  // namespace ronin::camera
