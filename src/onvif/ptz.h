// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "onvif/device.h"

namespace ronin::onvif {

/// How fast to turn, each from -1 to 1; what is not said does not change.
struct PtzMove {
  std::optional<double> pan;
  std::optional<double> tilt;
  std::optional<double> zoom;
  std::chrono::milliseconds timeout{1000};  ///< the device stops by itself after it
};

struct PtzPreset {
  std::string token;
  std::string name;
};

/// The token of the profile that turns the camera. Failures: "not_supported".
void FetchPtzProfile(Device& device, Then<std::string> then);

/// Turns until it is stopped or the time is over. Devices count whole seconds, some do not count at
/// all: stop it yourself.
void Move(Device& device, const std::string& profile, const PtzMove& move, Then<bool> then);
void StopMove(Device& device, const std::string& profile, Then<bool> then);
void GoToPreset(Device& device, const std::string& profile, const std::string& preset,
                Then<bool> then);
/// The first 256.
void FetchPresets(Device& device, const std::string& profile, Then<std::vector<PtzPreset>> then);

}  // namespace ronin::onvif
