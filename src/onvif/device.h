// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "base/mailbox.h"
#include "onvif/device_url.h"
#include "onvif/profile.h"
#include "onvif/soap_client.h"

namespace ronin::onvif {

/// What a device says of its clock.
struct DeviceClock {
  Micros offset{0};    ///< how far it is ahead of ours
  bool known = false;  ///< it was asked and answered
  bool daylight_saving = false;
  std::string time_zone;  ///< POSIX, as it was read; empty: not said
};

/// A session with one device: its clock, where its services are, and signed calls of them.
/// Owner: who made it. Destroying it cancels all, and no callback runs any more; a callback may do
/// so. Thread: main; asynchronous.
class Device {
 public:
  Device(DeviceUrl url, SoapClient::Options options);

  /// Asks for the clock and the services. Must have succeeded before anything else is called.
  void Open(Then<bool> then);

  bool Has(const char* service) const { return services_.contains(service); }
  const DeviceUrl& url() const { return url_; }
  const DeviceClock& clock() const { return device_clock_; }

  /// Sets the device's clock to ours, by hand: it then no longer follows NTP.
  void SetClock(Then<bool> then);

  /// Calls a service; "not_supported" when the device has none of that name.
  void Call(const SoapRequest& request, Then<SoapAnswer> then);

 private:
  void NoteClock(const Outcome<SoapAnswer>& answer, WallTime asked);
  void FindServices(Then<bool> then);
  void FindCapabilities(Then<bool> then);
  void NoteService(const std::string& name, const std::string& address);

  const DeviceUrl url_;
  const Clock& clock_;
  SoapClient client_;
  DeviceClock device_clock_;
  std::map<std::string, std::string> services_;  // name: address
  Mailbox mailbox_;
};

/// What a device is and offers. A value.
struct DeviceFacts {
  std::string manufacturer;
  std::string model;
  std::string firmware;
  std::string serial;
  std::vector<Profile> profiles;
  bool has_ptz = false;
};

/// A device's streams, and the service that named them: tokens are valid there.
struct DeviceProfiles {
  const char* service = kMediaService;
  std::vector<Profile> profiles;
};

/// The device's streams, without their addresses; of Media2 where it is there and works.
void FetchProfiles(Device& device, Then<DeviceProfiles> then);
/// The same with their addresses; one that the device does not give stays empty.
void FetchStreams(Device& device, Then<DeviceProfiles> then);

/// All of it.
void FetchFacts(Device& device, Then<DeviceFacts> then);

/// Reads the time in the answer of GetSystemDateAndTime, in UTC; nothing if it says none.
std::optional<WallTime> ReadDeviceTime(const XmlNode& answer);

}  // namespace ronin::onvif
