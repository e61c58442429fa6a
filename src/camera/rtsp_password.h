// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <gst/rtsp/gstrtspmessage.h>

namespace ronin::camera {

/// How a camera asks for a password (RFC 7616, also in its older form of RFC 2069). rtspsrc itself
/// knows only MD5, and answers whatever else is asked for with a wrong MD5.
struct PasswordChallenge {
  enum class Kind { kBasic, kMd5, kSha256 };

  Kind kind = Kind::kBasic;
  std::string realm;
  std::string nonce;
  std::string opaque;
  std::string algorithm;  ///< as the camera writes it; empty: not said
  bool qop = false;       ///< it wants requests counted ("auth")
  bool stale = false;     ///< only the nonce was too old, so that the same password may be right
};

/// The strongest challenge of a 401 that we can meet; nothing when there is none. Any thread.
std::optional<PasswordChallenge> BestChallenge(GstRTSPMessage* answer);

/// The value of the Authorization header that meets a challenge of Digest. Any thread.
/// @param client_nonce, count  only used with `qop`: any text, and how often the nonce was used
std::string DigestAnswer(const PasswordChallenge& challenge, const std::string& method,
                         const std::string& uri, const std::string& username,
                         const std::string& password, const std::string& client_nonce,
                         unsigned count);

}  // namespace ronin::camera
