// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ronin::onvif {

/// The address of a device's ONVIF service, taken apart.
struct DeviceUrl {
  std::string url;     ///< "http://192.0.2.10/onvif/device_service"
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< without brackets
  uint16_t port = 80;
};

/// Reads `http://` and `https://` addresses, and a host alone, which gets the usual path.
/// Errors: kInvalidArgument with a sentence for the form's field; credentials are refused.
Result<DeviceUrl> ParseDeviceUrl(std::string_view text);

/// A service's address as the device named it, at the host that was asked. Devices behind a router
/// or with two addresses name hosts that lead nowhere, and hostile ones name hosts that are not
/// theirs; so only the path is theirs, and the port when the host is the same. Nothing if it is no
/// such address.
std::optional<std::string> ServiceUrlAt(const DeviceUrl& device, std::string_view address);

/// A stream's address (`rtsp`, `rtsps`) or a picture's (`http`, `https`) at the host that was
/// asked, without credentials; port, path and query are the device's. Nothing if it is no such
/// address.
std::optional<std::string> StreamUrlAt(const DeviceUrl& device, std::string_view address);
std::optional<std::string> PictureUrlAt(const DeviceUrl& device, std::string_view address);

/// Port, path and query of a stream's address: what tells the streams of one device apart, whether
/// its host is given by name or by number. Empty if it is no such address.
std::string StreamKey(std::string_view address);

}  // namespace ronin::onvif
