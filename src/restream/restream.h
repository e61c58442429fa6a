// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/result.h"
#include "base/source.h"
#include "camera/camera.h"
#include "gst/pad_probe.h"
#include "restream/feed.h"
#include "restream/rtsp_server.h"

namespace ronin::restream {

/// All streams for other programs by RTSP, at /cameras/{id}/main and /cameras/{id}/sub: the one
/// connection to the camera serves them all, nothing is decoded. A sub stream is connected when it
/// is asked for, and some time longer. Thread: main; probes on the cameras' tees hand frames to
/// feeds, which lock.
class Restream final : public camera::StreamListener {
 public:
  struct Options {
    RtspServer::Options server{};
    uint64_t memory = camera::kCameraMemory;  ///< bytes, of each camera
    std::chrono::milliseconds linger{30'000};
  };
  using FindCamera = std::function<camera::Camera*(StreamId)>;

  Restream(const Clock& clock, Options options, FindCamera find);
  ~Restream() override;

  /// Listens. Gives "rtsp://127.0.0.1:8554", with the real port.
  /// Errors: kInvalidArgument (other machines could look without a password), kUnavailable.
  Result<std::string> Start();
  /// Cuts off all clients; waits a second for their threads at most.
  void Stop() { server_.reset(); }

  /// Its status is another one, or it is new. What was removed is found out within a second.
  void CameraChanged(const camera::Camera& camera);

  void OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) override;
  void OnStreamEnding(camera::Camera& camera, camera::Stream& stream,
                      std::function<void()> done) override;

 private:
  struct Entry {
    std::shared_ptr<Feed> feed;   // shared with probes and clients
    std::shared_ptr<void> taken;  // keeps the stream connected
    gst::PadProbe video;
    gst::PadProbe audio;
    MonoTime last_wanted{};
  };
  Entry& Serve(StreamId id);
  void Drop(StreamId id);
  void Update(const camera::Camera& camera);
  void Wanted(StreamId id);
  void Look();

  const Clock& clock_;
  const Options options_;
  const FindCamera find_;
  std::unique_ptr<RtspServer> server_;
  std::map<StreamId, Entry> entries_;
  Source look_;
  Mailbox mailbox_;
};

}  // namespace ronin::restream
