// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>

#include <gst/rtsp-server/rtsp-server.h>

#include "base/g_ref.h"
#include "base/result.h"
#include "demo/connections.h"
#include "demo/synthetic_camera.h"

namespace ronin::demo {

/// The RTSP server of one camera: port, media factory, authentication, refusals.
/// Thread: any; the destructor waits until the connections are gone.
class CameraPort {
 public:
  /// Errors: kUnavailable when the port cannot be opened.
  static Result<std::unique_ptr<CameraPort>> Open(GMainContext* context,
                                                  const CameraOptions& options,
                                                  const std::shared_ptr<CameraStream>& stream);
  ~CameraPort();

  uint16_t port() const { return port_; }
  const std::string& address() const { return options_.address; }
  const std::string& path() const { return options_.path; }
  Connections& connections() const { return *connections_; }
  void SetRefuse(Refusal refusal);

 private:
  template <typename T>
  using ObjectPtr = std::unique_ptr<T, FreeWith<g_object_unref>>;

  CameraPort(GMainContext* context, CameraOptions options,
             const std::shared_ptr<CameraStream>& stream);
  void AddMedia(const std::shared_ptr<CameraStream>& stream);
  Status Listen();
  void StopListening();
  ObjectPtr<GstRTSPAuth> MakeAuth(bool nobody) const;

  GRef<GMainContext> context_;
  CameraOptions options_;
  std::shared_ptr<Connections> connections_;  // shared with callbacks of clients
  ObjectPtr<GstRTSPServer> server_;
  std::mutex mutex_;  // guards source_; SetRefuse() and the destructor may meet
  GSource* source_ = nullptr;
  uint16_t port_ = 0;
};

}  // namespace ronin::demo
