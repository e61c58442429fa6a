// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <gio/gio.h>

#include "base/clock.h"

namespace ronin::camera {

/// The certificate that a camera showed and that was not accepted, for people to judge. Its texts
/// come from whoever answered: they are cut, and hold no control characters. A value.
struct TlsCertificate {
  std::string sha256;  ///< of the whole certificate, as "AA:BB:…"
  std::string subject;
  std::string issuer;
  std::optional<WallTime> not_after;
  std::string reason;  ///< why it is not trusted: "its issuer is not known here"
};

/// @param flaws  what the system finds wrong with it
TlsCertificate DescribeCertificate(GTlsCertificate* certificate, GTlsCertificateFlags flaws);

/// A SHA-256 as people write it, 64 hexadecimal digits with or without colons between the bytes, in
/// the form "AA:BB:…". Nothing when it is none.
std::optional<std::string> ParseFingerprint(std::string_view text);

}  // namespace ronin::camera
