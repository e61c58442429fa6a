// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "base/json.h"
#include "camera/camera.h"
#include "catalog/segment.h"
#include "recording/camera_recorder.h"

namespace ronin::api {

/// The stream's status as the API names it: "recording" when it is, else as its connection is; a
/// sub stream that nobody wants now is "idle".
/// @param recorder  nullptr when it is not recorded
std::string_view StatusOf(const camera::Camera& camera, const recording::CameraRecorder* recorder);

/// Writes a time, or null, as a member of an object that is open.
void WriteTime(JsonWriter& json, const char* key, const std::optional<WallTime>& time);

/// Writes a certificate that was refused as the member "certificate" of an object that is open.
void WriteCertificate(JsonWriter& json, const camera::TlsCertificate& certificate);

/// Writes the fields of a camera that people set, but for the password, into an object that is
/// open. Secrets in addresses show only as "***".
void WriteConfigured(JsonWriter& json, const CameraRecord& record);

/// Writes a camera as the API shows it: what is configured, and what it does now. Never a password,
/// and secrets in addresses only as "***".
/// @param camera  its main stream
void WriteCamera(JsonWriter& json, const ApiContext& context, const camera::Camera& camera);

/// Writes a recording as the API shows it.
void WriteRecording(JsonWriter& json, const Segment& segment);

}  // namespace ronin::api
