// SPDX-License-Identifier: MIT
#include "onvif/ptz.h"

#include <utility>

#include "base/text.h"

namespace ronin::onvif {
namespace {

constexpr size_t kMostPresets = 256;

std::string ProfileToken(const std::string& profile) {
  return Concat("<ProfileToken>", XmlEscape(profile), "</ProfileToken>");
}

void Tell(Device& device, const char* operation, std::string content, Then<bool> then) {
  device.Call({kPtzService, operation, std::move(content)},
              [then = std::move(then)](Outcome<SoapAnswer> answer) {
                if (answer) {
                  then(true);
                } else {
                  then(Failed(answer.error()));
                }
              });
}

}  // namespace

void FetchPtzProfile(Device& device, Then<std::string> then) {
  FetchProfiles(device, [&device, then = std::move(then)](Outcome<DeviceProfiles> found) {
    if (!found) {
      then(Failed(found.error()));
      return;
    }
    for (const Profile& profile : found->profiles) {
      if (!profile.has_ptz || !device.Has(kPtzService)) continue;
      then(profile.token);
      return;
    }
    then(Failed("not_supported", "This camera cannot be turned, or does not offer it by ONVIF."));
  });
}

void Move(Device& device, const std::string& profile, const PtzMove& move, Then<bool> then) {
  std::string velocity;
  if (move.pan || move.tilt) {
    velocity +=
        Concat("<tt:PanTilt x=\"", move.pan.value_or(0), "\" y=\"", move.tilt.value_or(0), "\"/>");
  }
  if (move.zoom) velocity += Concat("<tt:Zoom x=\"", *move.zoom, "\"/>");
  // Fractions are not understood everywhere.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(move.timeout).count();
  Tell(device, "ContinuousMove",
       Concat(ProfileToken(profile), "<Velocity>", velocity, "</Velocity><Timeout>PT", seconds,
              "S</Timeout>"),
       std::move(then));
}

void StopMove(Device& device, const std::string& profile, Then<bool> then) {
  Tell(device, "Stop", Concat(ProfileToken(profile), "<PanTilt>true</PanTilt><Zoom>true</Zoom>"),
       std::move(then));
}

void GoToPreset(Device& device, const std::string& profile, const std::string& preset,
                Then<bool> then) {
  Tell(device, "GotoPreset",
       Concat(ProfileToken(profile), "<PresetToken>", XmlEscape(preset), "</PresetToken>"),
       std::move(then));
}

void FetchPresets(Device& device, const std::string& profile, Then<std::vector<PtzPreset>> then) {
  device.Call({kPtzService, "GetPresets", ProfileToken(profile)},
              [then = std::move(then)](Outcome<SoapAnswer> answer) {
                if (!answer) {
                  then(Failed(answer.error()));
                  return;
                }
                std::vector<PtzPreset> out;
                for (const XmlNode& preset : answer->body.Children("Preset")) {
                  if (out.size() == kMostPresets) break;
                  out.push_back({preset.Attribute("token"), preset.TextAt("Name")});
                }
                then(std::move(out));
              });
}

}  // namespace ronin::onvif
