// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <gst/rtsp-server/rtsp-server.h>

#include "base/g_ref.h"
#include "demo/camera_stream.h"

namespace ronin::demo {

/// The connections of one camera. Callbacks of the RTSP server share it, on their threads.
class Connections {
 public:
  explicit Connections(std::shared_ptr<CameraStream> stream) : stream_(std::move(stream)) {}

  void Opened(GstRTSPClient* client);
  void Closed(GstRTSPClient* client);
  void SetPlaying(GstRTSPClient* client, bool playing);
  void CutAll();
  int count() const;
  /// False when some are still open after `limit`. Blocks.
  bool WaitUntilNone(std::chrono::milliseconds limit);

  std::atomic<GstRTSPStatusCode> describe_answer{GST_RTSP_STS_OK};
  std::atomic<int> parameter_requests{0};  ///< GET_PARAMETER, which keeps sessions alive

 private:
  struct Peer {
    GRef<GSocket> socket;
    bool playing = false;
  };
  void CountPlayers();

  mutable std::mutex mutex_;  // guards peers_
  std::condition_variable changed_;
  std::map<const GstRTSPClient*, Peer> peers_;
  std::shared_ptr<CameraStream> stream_;  // shared with the pump
};

}  // namespace ronin::demo
