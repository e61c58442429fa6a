// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "http/response.h"
#include "onvif/device_url.h"
#include "onvif/encoder.h"
#include "onvif/ptz.h"

namespace ronin::api {

using FieldErrors = std::vector<http::FieldError>;

/// A device that is asked before it is a camera.
struct DeviceQuery {
  onvif::DeviceUrl url;
  onvif::Credentials credentials;
};

/// What a PTZ request says; exactly one of them.
struct PtzCommand {
  std::optional<onvif::PtzMove> move;
  bool stop = false;
  std::optional<std::string> preset;
};

/// What is to be set in a camera.
struct ApplyCommand {
  bool sub_stream = false;
  onvif::EncoderWish wish;
  bool set_clock = false;
};

/// Each reads a request's object; every bad or unknown field goes into `errors`. Any thread.
DeviceQuery ReadDeviceQuery(const JsonValue& body, bool allow_loopback, FieldErrors* errors);
PtzCommand ReadPtzCommand(const JsonValue& body, FieldErrors* errors);
ApplyCommand ReadApplyCommand(const JsonValue& body, FieldErrors* errors);

}  // namespace ronin::api
