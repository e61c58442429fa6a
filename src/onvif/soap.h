// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "onvif/failure.h"
#include "onvif/xml.h"

namespace ronin::onvif {

inline constexpr const char* kDeviceService = "http://www.onvif.org/ver10/device/wsdl";
inline constexpr const char* kMediaService = "http://www.onvif.org/ver10/media/wsdl";
inline constexpr const char* kMedia2Service = "http://www.onvif.org/ver20/media/wsdl";
inline constexpr const char* kPtzService = "http://www.onvif.org/ver20/ptz/wsdl";

/// One call of a service: an operation and what is in it. Elements without a prefix are the
/// service's; `tt:` is ONVIF's schema. Texts in `content` are escaped by who writes it.
struct SoapRequest {
  const char* service = kDeviceService;  ///< one of the names above
  const char* operation = "";
  std::string content = {};
};

/// Who asks; empty user: nobody.
struct Credentials {
  std::string username;
  std::string password;  ///< a secret: sent as a digest only
};

/// The envelope of a request. `security` comes from UsernameToken(), or is empty.
std::string WriteEnvelope(const SoapRequest& request, const std::string& security);

/// The WS-UsernameToken header: a digest of nonce, time and password.
/// @param created  now, by the device's clock: it refuses old ones
/// @param nonce    random bytes, never used again
std::string UsernameToken(const Credentials& who, WallTime created, std::string_view nonce);

/// An answer, and the element of its body.
struct SoapAnswer {
  XmlDocument document;
  XmlNode body;  ///< into `document`
};

/// Reads an answer. Errors: "not_onvif", or what the device's fault says: "unauthorized",
/// "forbidden", "not_supported", "server_error".
Outcome<SoapAnswer> ReadEnvelope(std::string_view text);

}  // namespace ronin::onvif
