// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <gst/rtsp/gstrtspmessage.h>

#include "camera/rtsp_password.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// Rules for the requests and answers of one connection, where rtspsrc has none of its own: a wrong
/// password is said once and not nine times, Digest with SHA-256, and no way to another host.
///
/// It sees requests by rtspsrc's signal `before-send`, and answers by an extension that rtspsrc
/// asks (GstRTSPExtension, as the one for Windows Media does): the only way to answers that there
/// is. Threads: all but the constructor on rtspsrc's task, one call after the other.
class RtspDialog : public std::enable_shared_from_this<RtspDialog> {
 public:
  RtspDialog(std::string username, std::string password, std::shared_ptr<StreamFacts> facts)
      : username_(std::move(username)), password_(std::move(password)), facts_(std::move(facts)) {}

  /// Makes the extension known; before the process makes its first rtspsrc. Any thread.
  static void Register();

  /// `request` is sent next by this thread; its password is added.
  void BeforeRequest(GstRTSPMessage* request);
  /// The answer to it; may be changed, for what rtspsrc makes of it.
  void AfterAnswer(const GstRTSPMessage* request, GstRTSPMessage* answer);

  /// What relative addresses of the stream's description belong to, where the camera names
  /// nothing that can be used for it; else empty.
  const std::string& base() const { return base_; }

  /// What stands in the answer's reason in place of the camera's words; ErrorFromMessage knows it.
  static constexpr const char* kNoPassword = "ronin: a password is wanted";
  static constexpr const char* kUnknownScheme = "ronin: unknown way of asking for a password";

 private:
  void Unauthorized(GstRTSPMessage* answer);
  void Redirected(const GstRTSPMessage* request, GstRTSPMessage* answer);

  const std::string username_;
  const std::string password_;
  const std::shared_ptr<StreamFacts> facts_;
  std::optional<PasswordChallenge> challenge_;  // the newest
  unsigned nonce_uses_ = 0;
  unsigned refusals_ = 0;  // 401, one after the other
  unsigned redirects_ = 0;
  std::string base_;
};

}  // namespace ronin::camera
