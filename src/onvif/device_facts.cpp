// SPDX-License-Identifier: MIT
#include <memory>
#include <utility>

#include "base/text.h"
#include "onvif/device.h"

namespace ronin::onvif {
namespace {

/// One look through a device's streams: the profiles, then the addresses of each.
struct StreamLook : std::enable_shared_from_this<StreamLook> {
  StreamLook(Device& of, Then<DeviceProfiles> after) : device(of), then(std::move(after)) {}

  Device& device;  // outlives this: its callbacks hold it
  Then<DeviceProfiles> then;
  DeviceProfiles found;
  size_t next = 0;

  bool media2() const { return found.service == kMedia2Service; }
  void Stream();
  void Picture();
  bool Ends(const Outcome<SoapAnswer>& answer);
};

/// A password that is refused now, or a device that has gone, ends it; one address does not.
bool StreamLook::Ends(const Outcome<SoapAnswer>& answer) {
  if (answer) return false;
  const std::string& code = answer.error().code;
  if (code != "unauthorized" && code != "unreachable" && code != "timeout") return false;
  then(Failed(answer.error()));
  return true;
}

void StreamLook::Stream() {
  if (next == found.profiles.size()) {
    then(std::move(found));
    return;
  }
  const std::string token = XmlEscape(found.profiles[next].token);
  const std::string content =
      media2() ? Concat("<Protocol>RTSP</Protocol><ProfileToken>", token, "</ProfileToken>")
               : Concat(
                     "<StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>"
                     "RTSP</tt:Protocol></tt:Transport></StreamSetup><ProfileToken>",
                     token, "</ProfileToken>");
  device.Call({found.service, "GetStreamUri", content},
              [look = shared_from_this()](Outcome<SoapAnswer> answer) {
                if (look->Ends(answer)) return;
                if (answer) {
                  const std::string uri =
                      answer->body.TextAt(look->media2() ? "Uri" : "MediaUri/Uri");
                  look->found.profiles[look->next].stream_url =
                      StreamUrlAt(look->device.url(), uri).value_or("");
                }
                look->Picture();
              });
}

void StreamLook::Picture() {
  device.Call({found.service, "GetSnapshotUri",
               Concat("<ProfileToken>", XmlEscape(found.profiles[next].token), "</ProfileToken>")},
              [look = shared_from_this()](Outcome<SoapAnswer> answer) {
                if (look->Ends(answer)) return;
                if (answer) {
                  const std::string uri =
                      answer->body.TextAt(look->media2() ? "Uri" : "MediaUri/Uri");
                  look->found.profiles[look->next].snapshot_url =
                      PictureUrlAt(look->device.url(), uri).value_or("");
                }
                ++look->next;
                look->Stream();
              });
}

}  // namespace

void FetchProfiles(Device& device, Then<DeviceProfiles> then) {
  const bool media2 = device.Has(kMedia2Service);
  const char* service = media2 ? kMedia2Service : kMediaService;
  device.Call({service, "GetProfiles", media2 ? "<Type>VideoEncoder</Type><Type>PTZ</Type>" : ""},
              [&device, service, then = std::move(then), media2](Outcome<SoapAnswer> answer) {
                if (!answer && (!media2 || answer.error().code == "unauthorized")) {
                  then(Failed(answer.error()));
                  return;
                }
                DeviceProfiles out{service, {}};
                if (answer) out.profiles = ReadProfiles(answer->body);
                // Some list Media2 and give nothing there.
                if (!out.profiles.empty() || !media2 || !device.Has(kMediaService)) {
                  then(std::move(out));
                  return;
                }
                device.Call({kMediaService, "GetProfiles", ""}, [then](Outcome<SoapAnswer> older) {
                  if (older) {
                    then(DeviceProfiles{kMediaService, ReadProfiles(older->body)});
                  } else {
                    then(Failed(older.error()));
                  }
                });
              });
}

void FetchStreams(Device& device, Then<DeviceProfiles> then) {
  FetchProfiles(device, [&device, then = std::move(then)](Outcome<DeviceProfiles> found) {
    if (!found) {
      then(Failed(found.error()));
      return;
    }
    const auto look = std::make_shared<StreamLook>(device, then);
    look->found = std::move(*found);
    look->Stream();
  });
}

void FetchFacts(Device& device, Then<DeviceFacts> then) {
  device.Call({kDeviceService, "GetDeviceInformation", ""},
              [&device, then = std::move(then)](Outcome<SoapAnswer> answer) {
                if (!answer && answer.error().code != "not_supported") {
                  then(Failed(answer.error()));
                  return;
                }
                DeviceFacts facts;
                if (answer) {
                  facts.manufacturer = answer->body.TextAt("Manufacturer");
                  facts.model = answer->body.TextAt("Model");
                  facts.firmware = answer->body.TextAt("FirmwareVersion");
                  facts.serial = answer->body.TextAt("SerialNumber");
                }
                FetchStreams(device, [&device, facts, then](Outcome<DeviceProfiles> found) mutable {
                  if (!found) {
                    then(Failed(found.error()));
                    return;
                  }
                  facts.profiles = std::move(found->profiles);
                  for (const Profile& profile : facts.profiles) {
                    facts.has_ptz = facts.has_ptz || (profile.has_ptz && device.Has(kPtzService));
                  }
                  then(std::move(facts));
                });
              });
}

}  // namespace ronin::onvif
