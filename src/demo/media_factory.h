// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <gst/rtsp-server/rtsp-server.h>

#include "demo/camera_stream.h"
#include "demo/synthetic_camera.h"

namespace ronin::demo {

/// Role that a client needs to watch a camera with authentication.
constexpr const char* kViewerRole = "viewer";

/// Makes the media of a camera, one for each client: payloaders behind sources that `stream` feeds
/// for as long as a client is connected. (transfer full)
GstRTSPMediaFactory* MakeMediaFactory(const CameraOptions& options,
                                      const std::shared_ptr<CameraStream>& stream);

}  // namespace ronin::demo
