// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>

#include "base/clock.h"
#include "base/source.h"
#include "camera/cameras.h"
#include "camera/rtsp_ping.h"

namespace ronin::camera {

/// Asks cameras that rest (see Camera::rests) whether they are there: soon after they came to rest,
/// and then every `interval`; never with credentials. A few at once, and eight begin in a second,
/// so that they are spread over time. Thread: main.
class StatusPoll {
 public:
  static constexpr size_t kMost = 8;  ///< that are being asked

  /// Both outlive this.
  StatusPoll(Cameras& cameras, const Clock& clock, std::chrono::seconds interval);

  /// From the next question to each camera on.
  void SetInterval(std::chrono::seconds interval) { interval_ = interval; }

 private:
  struct Entry {
    explicit Entry(MonoTime when) : due(when) {}
    MonoTime due;
    RtspPing ping;
    bool asking = false;
  };
  void Tick();
  void Ask(const Camera& camera, Entry& entry);
  void Answered(int64_t id, bool answers);

  Cameras& cameras_;
  const Clock& clock_;
  std::chrono::seconds interval_;
  std::map<int64_t, Entry> entries_;  // of the cameras that rest
  Source tick_;
};

}  // namespace ronin::camera
