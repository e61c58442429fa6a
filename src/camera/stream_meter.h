// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>

namespace ronin::camera {

/// Measures a running video track over windows of two seconds or more.
/// Threads: Frame on the streaming thread, Read on any.
class StreamMeter {
 public:
  struct Reading {
    double fps = 0;                  ///< 0 until the first window is over
    int64_t bitrate_bps = 0;         ///< of the coded video
    double keyframe_interval_s = 0;  ///< between the last two keyframes; 0 until two came
    uint64_t frames = 0;             ///< since the stream started
  };

  void Frame(uint64_t pts_ns, uint64_t bytes, bool keyframe);
  Reading Read() const;

 private:
  static constexpr uint64_t kWindowNs = 2'000'000'000;
  mutable std::mutex mutex_;  // guards all below
  Reading reading_;
  uint64_t window_start_ = 0;
  uint64_t window_bytes_ = 0;
  uint64_t window_frames_ = 0;
  uint64_t last_key_ = 0;
  bool started_ = false;
  bool had_key_ = false;
};

}  // namespace ronin::camera
