// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "camera/rtsp_dialog.h"
#include "camera/rtsp_ending.h"
#include "camera/socket_meter.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

struct RtspSource;

/// What each connection to a camera by rtspsrc keeps to, whatever it is for: passwords and
/// redirects (RtspDialog), the one certificate that is trusted, a meter on what comes, and its safe
/// end. Copies share all of it; the connection's callbacks have one, and may outlive its owner by a
/// moment.
struct RtspRules {
  /// @param facts  learns what the camera answers
  static RtspRules For(const RtspSource& source, std::shared_ptr<StreamFacts> facts,
                       std::shared_ptr<SocketMeter> meter, std::shared_ptr<RtspEnding> ending);

  /// Gives a rtspsrc the user, the password and these rules; once, before it connects. Main.
  void Apply(GstElement* rtspsrc, const RtspSource& source) const;

  std::shared_ptr<RtspDialog> dialog;
  std::shared_ptr<StreamFacts> facts;
  std::shared_ptr<SocketMeter> meter;
  std::shared_ptr<RtspEnding> ending;
  std::string tls_fingerprint;
  /// How much of what is sent may wait in the kernel, about; 0: as much as it likes.
  int send_buffer_bytes = 0;
};

}  // namespace ronin::camera
