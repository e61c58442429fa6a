// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/source.h"
#include "camera/camera.h"
#include "gst/reaper.h"
#include "live/feed.h"
#include "live/live_feed.h"

namespace ronin::live {

/// The live feeds of all streams: fragmented MP4, a chunk for each frame. Who subscribes gets the
/// GOP that the camera is in at once; a stream is muxed only while somebody is subscribed, and a
/// little longer, so that who comes back is served from memory. Sub streams are connected for their
/// viewers. A feed goes on over reconnects by itself. Thread: main.
class LiveHub final : public camera::StreamListener {
 public:
  struct Options {
    uint64_t memory = camera::kCameraMemory;  ///< bytes, of each camera
    /// How long a sub stream stays connected, and muxed, after its last subscription.
    std::chrono::milliseconds sub_linger{30'000};
    std::chrono::milliseconds main_linger{10'000};  ///< … a main stream muxed
  };

  LiveHub(const Clock& clock, gst::Reaper& reaper, Options options);
  /// All subscriptions have ended before.
  ~LiveHub() override;

  /// Also for those that linger already.
  void SetSubLinger(std::chrono::milliseconds linger) { options_.sub_linger = linger; }

  /// Calls `listener` from the loop until what is returned is destroyed, on main. At once comes
  /// what the stream has, or why it has nothing. The listener outlives what is returned, and that
  /// may outlive the camera.
  [[nodiscard]] Subscription Subscribe(camera::Camera& camera, FeedListener& listener);

  /// Its status is another one.
  void CameraChanged(const camera::Camera& camera);
  /// The camera was removed: its subscriptions end, finally.
  void Forget(int64_t camera_id);

  /// How many streams are muxed now, with those that linger.
  size_t Muxed() const;

  void OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) override;
  void OnStreamEnding(camera::Camera& camera, camera::Stream& stream,
                      std::function<void()> done) override;

 private:
  std::shared_ptr<Feed> FeedOf(const camera::Camera& camera);
  void Sweep();

  const Clock& clock_;
  gst::Reaper& reaper_;
  Options options_;
  std::map<StreamId, std::shared_ptr<Feed>> feeds_;  // shared with subscriptions
  Source sweep_;
};

}  // namespace ronin::live
