// SPDX-License-Identifier: MIT
#include "onvif/device.h"

#include <utility>

#include "base/text.h"

namespace ronin::onvif {
namespace {

/// Failures that another call to the same device would only repeat.
bool IsFinal(const Failure& failure) {
  return failure.code != "not_supported" && failure.code != "server_error" &&
         failure.code != "not_found" && failure.code != "not_onvif";
}

}  // namespace

Device::Device(DeviceUrl url, SoapClient::Options options)
    : url_(std::move(url)), clock_(options.clock), client_(std::move(options)) {
  services_[kDeviceService] = url_.url;
}

void Device::Open(Then<bool> then) {
  client_.Call(url_.url, {.operation = "GetSystemDateAndTime"}, SoapClient::Sign::kNo,
               [this, then = std::move(then), asked = clock_.Now()](Outcome<SoapAnswer> answer) {
                 // Some want a password even for this, some cannot do it; both answer all the same.
                 if (!answer && answer.error().code != "unauthorized" && IsFinal(answer.error())) {
                   then(Failed(answer.error()));
                   return;
                 }
                 NoteClock(answer, asked);
                 FindServices(then);
               });
}

void Device::NoteClock(const Outcome<SoapAnswer>& answer, WallTime asked) {
  if (answer) {
    const XmlNode said = answer->body.At("SystemDateAndTime");
    device_clock_.daylight_saving = said.TextAt("DaylightSavings") == "true";
    device_clock_.time_zone = said.TextAt("TimeZone/TZ");
    if (const auto time = ReadDeviceTime(answer->body)) {
      const WallTime now = clock_.Now();
      device_clock_.offset = *time - (asked + (now - asked) / 2);
      device_clock_.known = true;
    }
  }
  if (!device_clock_.known && client_.date_offset()) device_clock_.offset = *client_.date_offset();
  client_.SetClockOffset(device_clock_.offset);
}

void Device::FindServices(Then<bool> then) {
  Call({.operation = "GetServices", .content = "<IncludeCapability>false</IncludeCapability>"},
       [this, then = std::move(then)](Outcome<SoapAnswer> answer) {
         if (!answer && IsFinal(answer.error())) {
           then(Failed(answer.error()));
           return;
         }
         if (answer) {
           for (const XmlNode& service : answer->body.Children("Service")) {
             NoteService(service.TextAt("Namespace"), service.TextAt("XAddr"));
           }
         }
         if (Has(kMediaService) || Has(kMedia2Service)) {
           then(true);
         } else {
           FindCapabilities(then);
         }
       });
}

/// What devices from before GetServices have.
void Device::FindCapabilities(Then<bool> then) {
  Call({.operation = "GetCapabilities", .content = "<Category>All</Category>"},
       [this, then = std::move(then)](Outcome<SoapAnswer> answer) {
         if (!answer) {
           then(Failed(answer.error()));
           return;
         }
         const XmlNode all = answer->body.At("Capabilities");
         NoteService(kMediaService, all.TextAt("Media/XAddr"));
         NoteService(kPtzService, all.TextAt("PTZ/XAddr"));
         NoteService(kMedia2Service, all.TextAt("Extension/Media2/XAddr"));
         if (Has(kMediaService) || Has(kMedia2Service)) {
           then(true);
         } else {
           then(Failed("not_supported", "This ONVIF device has no video streams."));
         }
       });
}

void Device::NoteService(const std::string& name, const std::string& address) {
  for (const char* wanted : {kMediaService, kMedia2Service, kPtzService}) {
    if (name != wanted) continue;
    if (auto url = ServiceUrlAt(url_, address)) services_[name] = std::move(*url);
  }
}

void Device::Call(const SoapRequest& request, Then<SoapAnswer> then) {
  const auto service = services_.find(request.service);
  if (service == services_.end()) {
    mailbox_.Post([then = std::move(then)] {
      then(Failed("not_supported", "The camera cannot do that by ONVIF."));
    });
    return;
  }
  client_.Call(service->second, request, SoapClient::Sign::kYes, std::move(then));
}

std::optional<WallTime> ReadDeviceTime(const XmlNode& answer) {
  using namespace std::chrono;
  const XmlNode utc = answer.At("SystemDateAndTime/UTCDateTime");
  const auto number = [&](const char* path) { return ReadCount(utc.TextAt(path)); };
  const year_month_day date{year(number("Date/Year")), month(unsigned(number("Date/Month"))),
                            day(unsigned(number("Date/Day")))};
  const hours hour(number("Time/Hour"));
  const minutes minute(number("Time/Minute"));
  const seconds second(number("Time/Second"));
  if (!utc || !date.ok() || date.year() < year(1970) || date.year() > year(2200) ||
      hour > hours(23) || minute > minutes(59) || second > seconds(60)) {
    return std::nullopt;
  }
  return WallTime(
      duration_cast<Micros>(sys_days(date).time_since_epoch() + hour + minute + second));
}

void Device::SetClock(Then<bool> then) {
  using namespace std::chrono;
  const WallTime now = clock_.Now();
  const auto today = floor<days>(now);
  const year_month_day date(today);
  const hh_mm_ss<seconds> time(floor<seconds>(now - today));
  const std::string& zone = device_clock_.time_zone;
  const std::string content = Concat(
      "<DateTimeType>Manual</DateTimeType><DaylightSavings>",
      device_clock_.daylight_saving ? "true" : "false", "</DaylightSavings>",
      zone.empty() ? "" : Concat("<TimeZone><tt:TZ>", XmlEscape(zone), "</tt:TZ></TimeZone>"),
      "<UTCDateTime><tt:Time><tt:Hour>", time.hours().count(), "</tt:Hour><tt:Minute>",
      time.minutes().count(), "</tt:Minute><tt:Second>", time.seconds().count(),
      "</tt:Second></tt:Time><tt:Date><tt:Year>", int(date.year()), "</tt:Year><tt:Month>",
      unsigned(date.month()), "</tt:Month><tt:Day>", unsigned(date.day()),
      "</tt:Day></tt:Date></UTCDateTime>");
  Call({.operation = "SetSystemDateAndTime", .content = content},
       [this, then = std::move(then)](Outcome<SoapAnswer> answer) {
         if (!answer) {
           then(Failed(answer.error()));
           return;
         }
         // What was signed by the old clock would be too old, or from the future.
         device_clock_.offset = Micros(0);
         client_.SetClockOffset(device_clock_.offset);
         then(true);
       });
}

}  // namespace ronin::onvif
