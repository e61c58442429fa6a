// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <memory>

#include "base/clock.h"
#include "base/source.h"
#include "camera/camera.h"
#include "live/live_hub.h"
#include "live/ll_stream.h"

namespace ronin::live {

/// Low-Latency HLS of all streams: a stream follows its feed from the first request for a playlist
/// until some time after the last request, over reconnects too. Numbers of segments come from the
/// clock, so that they rise also when a stream is begun anew. Thread: main.
class LlStreams {
 public:
  struct Options {
    std::chrono::seconds idle_timeout{60};
    uint64_t memory = camera::kCameraMemory;        ///< bytes, of each camera
    std::chrono::milliseconds start_timeout{6000};  ///< how long a first request waits
  };

  /// Both outlive it.
  LlStreams(const Clock& clock, LiveHub& hub, Options options);

  /// How long a stream goes on after its last request; also for those that run.
  void SetIdleTimeout(std::chrono::seconds timeout) { options_.idle_timeout = timeout; }

  /// The stream, begun if it is not there. Borrowed for the call.
  LlStream& Start(camera::Camera& camera);
  /// Only if it is there.
  LlStream* Find(StreamId id) const;
  /// The camera was removed.
  void Forget(int64_t camera_id);

 private:
  void DropIdle();

  const Clock& clock_;
  LiveHub& hub_;
  Options options_;
  std::map<StreamId, std::unique_ptr<LlStream>> streams_;
  Source sweep_;
};

}  // namespace ronin::live
