// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/loop_thread.h"
#include "base/result.h"
#include "demo/synthetic_camera.h"

namespace ronin::demo {

class Pump;

/// Runs cameras: one thread accepts connections, one pump sends all pictures on time.
/// gst_init() must have been called. Nothing is encoded here, so a camera costs next to nothing.
///
///   auto clip = ClipMaker(cache).Make(NumberedClip());
///   CameraServer server;
///   auto camera = server.Add(*clip);          // Result<SyntheticCamera*>
///   connect_to((*camera)->url());
///
/// Thread: Add() and the destructor on the owner's thread; neither needs a main loop to run.
class CameraServer {
 public:
  CameraServer();
  /// Cuts all connections and ends the threads.
  ~CameraServer();
  CameraServer(const CameraServer&) = delete;
  CameraServer& operator=(const CameraServer&) = delete;

  /// Opens a camera; it lives as long as the server.
  /// Errors: kUnavailable when the port cannot be opened, kUnsupported when an element for
  /// streaming is not installed.
  Result<SyntheticCamera*> Add(ClipRef clip, const CameraOptions& options = {});

 private:
  /// What a client asks is answered on a thread of its own, since DESCRIBE waits for a keyframe.
  LoopThread accepting_{"rtsp-accept"};
  std::unique_ptr<Pump> pump_;
  std::vector<std::unique_ptr<SyntheticCamera>> cameras_;
};

}  // namespace ronin::demo
