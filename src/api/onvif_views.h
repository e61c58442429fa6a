// SPDX-License-Identifier: MIT
#pragma once

#include "base/json.h"
#include "http/response.h"
#include "onvif/encoder_change.h"

namespace ronin::api {

/// `{"ok":false,"error":{"code","message"}}`, status 200: the request was good, the camera was not.
http::Response FailureView(const onvif::Failure& failure);

/// Writes codec, width, height, fps, keyframe_interval_s and bitrate_bps as an object's members;
/// null for what the device does not say.
void WriteEncoderState(JsonWriter& json, const onvif::EncoderState& state);

/// Text, or null when it is empty.
void WriteSaid(JsonWriter& json, const char* key, const std::string& text);

/// Writes a device that was read, with all its streams. A stream's address may hold a secret of the
/// device's own in its query; it is what the camera is added with.
std::string DeviceView(const onvif::Device& device, const onvif::DeviceFacts& facts);

}  // namespace ronin::api
