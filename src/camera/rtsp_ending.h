// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include <gst/rtsp/gstrtspmessage.h>

#include "camera/socket_meter.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// Ends a pipeline with an rtspsrc while that frees nothing. Its thread frees the streams when it
/// could not set them up, and when it has closed them; a change of its state, which interrupts it,
/// walks over them meanwhile (GStreamer 1.22 and later, gst_rtspsrc_connection_flush). On a busy
/// machine that was seen to crash. So the thread is brought to its end by the end of its
/// connection, and the state changes once it says that it is there.
///
/// Thread: any, but for End().
class RtspEnding {
 public:
  struct Limits {
    std::chrono::milliseconds teardown{1000};  ///< for the camera, to answer that it is over
    std::chrono::milliseconds thread{1000};    ///< for rtspsrc, once the connection is shut down
  };

  RtspEnding() : RtspEnding(Limits()) {}
  explicit RtspEnding(Limits limits) : limits_(limits) {}

  /// From then on it hears what the rtspsrc posts to `bus`, which a BusWatch watches.
  static void Listen(std::shared_ptr<RtspEnding> ending, GstBus* bus);
  /// For the reaper: End(), and then the connection is let go of.
  /// @param pipeline  the reaper's, by then
  static std::function<void()> Call(std::shared_ptr<RtspEnding> ending,
                                    std::shared_ptr<SocketMeter> connection, GstElement* pipeline);

  /// Each message of the kind "progress" of the rtspsrc, when it is posted.
  void Heard(GstMessage* message);
  /// Each request that it sends. One kind of ending is told in no message: from UDP to TCP.
  void Sends(GstRTSPMethod method);

  /// Brings `pipeline` to READY; then it can be ended. Blocks for as long as both limits, and that
  /// of the thread once more, at most. Thread: one that may.
  /// @param connection  is shut down unless all goes well
  void End(GstElement* pipeline, SocketMeter& connection);

 private:
  bool IsOpening();
  bool Wait(const bool& busy, std::chrono::milliseconds limit);

  const Limits limits_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool opening_ = false;
  bool closing_ = false;
};

}  // namespace ronin::camera
