// SPDX-License-Identifier: MIT
#include "onvif/encoder_change.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "onvif/device_url.h"

namespace ronin::onvif {
namespace {

/// One change of one stream, step by step.
struct Changing : std::enable_shared_from_this<Changing> {
  Changing(Device& of, EncoderWish wanted, Then<EncoderChange> after)
      : device(of), wish(std::move(wanted)), then(std::move(after)) {}

  Device& device;  // outlives this: its callbacks hold it
  const EncoderWish wish;
  const Then<EncoderChange> then;
  const char* service = kMediaService;
  Profile profile;
  std::vector<CodecOptions> options;
  EncoderState fitted;
  EncoderChange change;

  bool media2() const { return service == kMedia2Service; }
  std::string Tokens() const;
  SoapRequest ReadRequest() const;
  void Begin(const DeviceProfiles& found, const std::string& stream_url);
  void Read();
  void Set(XmlNode configuration);
  void ReadBack();
};

std::string Changing::Tokens() const {
  return Concat("<ConfigurationToken>", XmlEscape(profile.encoder_token),
                "</ConfigurationToken><ProfileToken>", XmlEscape(profile.token), "</ProfileToken>");
}

SoapRequest Changing::ReadRequest() const {
  const std::string token =
      Concat("<ConfigurationToken>", XmlEscape(profile.encoder_token), "</ConfigurationToken>");
  return {service, media2() ? "GetVideoEncoderConfigurations" : "GetVideoEncoderConfiguration",
          token};
}

/// The element in either answer. Media2 may answer with all of them.
XmlNode ConfigurationIn(const XmlNode& answer, const std::string& token) {
  if (const XmlNode one = answer.At("Configuration")) return one;
  const auto all = answer.Children("Configurations");
  const auto found =
      std::ranges::find_if(all, [&](const XmlNode& c) { return c.Attribute("token") == token; });
  return found != all.end() ? *found : XmlNode();
}

void Changing::Begin(const DeviceProfiles& found, const std::string& stream_url) {
  service = found.service;
  const Profile* match = FindProfile(found.profiles, stream_url);
  if (match == nullptr) {
    then(Failed("not_found",
                "No profile of the camera has the address of this stream; discover the camera "
                "anew and choose one of its streams."));
    return;
  }
  profile = *match;
  device.Call({service, "GetVideoEncoderConfigurationOptions", Tokens()},
              [self = shared_from_this()](Outcome<SoapAnswer> answer) {
                if (!answer) {
                  self->then(Failed(answer.error()));
                  return;
                }
                self->options = ReadEncoderOptions(answer->body);
                self->Read();
              });
}

void Changing::Read() {
  device.Call(ReadRequest(), [self = shared_from_this()](Outcome<SoapAnswer> answer) {
    if (!answer) {
      self->then(Failed(answer.error()));
      return;
    }
    const XmlNode configuration = ConfigurationIn(answer->body, self->profile.encoder_token);
    if (!configuration) {
      self->then(Failed("not_found", "The camera does not show how this stream is encoded."));
      return;
    }
    self->Set(configuration);
  });
}

void Changing::Set(XmlNode configuration) {
  change.before = ReadEncoder(configuration);
  fitted = FitEncoder(change.before, wish, options, &change.notes);
  WriteEncoder(configuration, change.before, fitted, options);
  const std::string content = Concat(configuration.Write("Configuration"),
                                     media2() ? "" : "<ForcePersistence>true</ForcePersistence>");
  device.Call({service, "SetVideoEncoderConfiguration", content},
              [self = shared_from_this()](Outcome<SoapAnswer> answer) {
                if (answer) {
                  self->ReadBack();
                } else {
                  self->then(Failed(answer.error()));
                }
              });
}

void Changing::ReadBack() {
  device.Call(ReadRequest(), [self = shared_from_this()](Outcome<SoapAnswer> answer) {
    if (!answer) {
      self->then(Failed(answer.error()));
      return;
    }
    self->change.after = ReadEncoder(ConfigurationIn(answer->body, self->profile.encoder_token));
    if (!(self->change.after == self->fitted)) {
      self->change.notes.push_back("The camera took the settings, but did not keep all of them.");
    }
    self->then(std::move(self->change));
  });
}

}  // namespace

const Profile* FindProfile(const std::vector<Profile>& profiles, const std::string& stream_url) {
  const std::string key = StreamKey(stream_url);
  const auto found = std::ranges::find_if(profiles, [&](const Profile& profile) {
    return !key.empty() && StreamKey(profile.stream_url) == key;
  });
  return found != profiles.end() ? &*found : nullptr;
}

void ChangeEncoder(Device& device, const std::string& stream_url, const EncoderWish& wish,
                   Then<EncoderChange> then) {
  const auto changing = std::make_shared<Changing>(device, wish, std::move(then));
  FetchStreams(device, [changing, stream_url](Outcome<DeviceProfiles> found) {
    if (found) {
      changing->Begin(*found, stream_url);
    } else {
      changing->then(Failed(found.error()));
    }
  });
}

}  // namespace ronin::onvif
