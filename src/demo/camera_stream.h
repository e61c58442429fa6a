// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <gst/app/gstappsrc.h>

#include "demo/clip.h"
#include "demo/elements.h"
#include "demo/sent_log.h"

namespace ronin::demo {

/// PTS of number 0. Large, so that a jump backwards stays above zero.
constexpr std::chrono::seconds kFirstPts{3600};

/// Where one RTSP media takes its data from.
struct Feed {
  GstPtr<GstAppSrc> video;
  GstPtr<GstAppSrc> audio;     // none without sound
  bool video_started = false;  // pump only: from its first keyframe on
  bool audio_started = false;  // pump only
};

/// What one camera sends and when. The pump thread asks it for what is due; media come and go
/// on other threads; faults are set on any.
class CameraStream {
 public:
  explicit CameraStream(ClipRef clip);

  // --- Any thread ------------------------------------------------------------------------------
  /// `media` is only a name for RemoveFeed().
  void AddFeed(const void* media, std::shared_ptr<Feed> feed);
  void RemoveFeed(const void* media);
  size_t feeds() const;

  void SetStalled(bool stalled);
  void DropFrames(int count);
  void JumpTime(std::chrono::nanoseconds delta);
  void FreezeTime(bool frozen);
  void SetClockError(int ppm);
  void SetAudio(bool on);
  Status SwitchClip(ClipRef clip);
  ClipRef clip() const;

  SentLog log;
  std::atomic<int> players{0};                ///< clients in PLAY; kept by the camera's port
  std::atomic<bool> markers{true};            ///< on the last packet of a picture
  std::atomic<bool> reports{true};            ///< sends RTCP sender reports
  std::atomic<int64_t> wall_clock_off_ms{0};  ///< the time in them less the true one

  // --- Pump thread -----------------------------------------------------------------------------
  /// CLOCK_MONOTONIC in ns at which the next picture or sound packet is due.
  int64_t NextDue() const;
  /// Sends what is due at `now`.
  void SendDue(int64_t now_ns);

 private:
  struct Entry {
    const void* media;
    std::shared_ptr<Feed> feed;  // shared: the pump may be pushing to it while it is removed
  };
  struct Faults {
    bool stalled = false;
    bool wait_keyframe = false;
    int drop = 0;
    int64_t jump_ns = 0;
    bool audio_off = false;
    bool frozen = false;
    int clock_error_ppm = 0;
  };

  void Start();
  int64_t VideoDue() const;
  int64_t AudioDue() const;
  void SendVideo(bool late);
  void SendAudio(bool late);
  bool TakeVideoFaults(bool keyframe, bool late);
  void MeetNewFeeds();
  int64_t StampOf(int64_t due_ns);
  void KeepPhase();
  bool PushVideo(const AccessUnit& picture, int64_t dts, int64_t shown_later);
  std::vector<std::shared_ptr<Feed>> Feeds() const;

  mutable std::mutex mutex_;  // guards entries_, faults_, next_clip_, and clip_ for others
  std::vector<Entry> entries_;
  Faults faults_;
  ClipRef next_clip_;
  ClipRef clip_;  // written by the pump with the lock held, read by it without

  // Pump only; set before it starts. The time axis is that of all media of this camera.
  int64_t origin_ns_ = 0;   // CLOCK_MONOTONIC when number 0 is due
  uint64_t number_ = 0;     // of the next picture
  uint64_t packet_ = 0;     // of the next sound packet
  int64_t shift_ns_ = 0;    // sum of all jumps and of what the clock has gained
  int64_t frozen_ns_ = -1;  // time of the pictures while it stands still; -1: it runs
  size_t index_ = 0;        // of the next picture in the clip
};

}  // namespace ronin::demo
