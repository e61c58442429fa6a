// SPDX-License-Identifier: MIT
#include "api/discovery_routes.h"

#include <utility>

#include "api/camera_fields.h"
#include "api/onvif_fields.h"
#include "api/onvif_views.h"
#include "base/text.h"
#include "camera/camera_url.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

// A page searches once and reads what is clicked; more is not somebody who adds a camera.
constexpr size_t kMostSearchers = 32;
constexpr size_t kMostReadings = 8;
constexpr std::chrono::seconds kReadingLimit{20};

Response TooMany() {
  return Response::Problem(429, "Too many cameras are being read; try again in a moment.")
      .With("Retry-After", "5");
}

}  // namespace

DiscoveryRoutes::DiscoveryRoutes(const ApiContext& context) : context_(context) {
  http::Router& router = context_.server.router();
  router.Add(Method::kPost, "/api/discovery",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Discover(request, responder);
             });
  router.Add(Method::kPost, "/api/discovery/device",
             [this](const http::RequestPtr& request, http::Responder responder) {
               ReadDevice(request, responder);
             });
}

void DiscoveryRoutes::Discover(const http::RequestPtr& request, const http::Responder& responder) {
  if (!Trim(request->body()).empty()) {
    const auto body = ObjectOf(*request);
    if (!body) {
      responder.Send(Response::Problem(400, body.error().message));
      return;
    }
    FieldErrors errors;
    for (std::string& name : body->MemberNames()) {
      errors.push_back({std::move(name), "is not a field of this request"});
    }
    if (!errors.empty()) {
      responder.Send(Response::Problem(422, "A search takes no fields.", errors));
      return;
    }
  }
  if (waiting_.size() == kMostSearchers) {
    responder.Send(TooMany());
    return;
  }
  waiting_.push_back(responder);
  if (discovery_) return;  // the answers of the search that runs are as good
  discovery_ = std::make_unique<onvif::Discovery>(
      onvif::Discovery::Options{.loopback = context_.allow_loopback_cameras},
      [this](const std::vector<onvif::FoundDevice>& devices) {
        discovery_.reset();
        Found(devices);
      });
}

void DiscoveryRoutes::Found(const std::vector<onvif::FoundDevice>& devices) {
  JsonWriter json;
  json.Object().Key("items").Array();
  for (const onvif::FoundDevice& device : devices) WriteFound(json, device);
  json.End().Key("next").Null().End();
  const std::string text = json.Text();
  for (const http::Responder& responder : std::exchange(waiting_, {})) {
    responder.Send(Response::Json(200, text));
  }
}

void DiscoveryRoutes::WriteFound(JsonWriter& json, const onvif::FoundDevice& device) const {
  json.Object();
  WriteSaid(json, "name", device.name);
  WriteSaid(json, "manufacturer", device.manufacturer);
  WriteSaid(json, "model", device.model);
  WriteSaid(json, "location", device.location);
  json.Key("address").String(device.address).Key("xaddrs").Array();
  for (const std::string& address : device.xaddrs) json.String(address);
  json.End().Key("known_camera_id");
  if (const auto id = CameraAt(device.address)) {
    json.Int(*id);
  } else {
    json.Null();
  }
  json.End();
}

std::optional<int64_t> DiscoveryRoutes::CameraAt(const std::string& address) const {
  for (const camera::Camera* camera : context_.cameras.All()) {
    const CameraRecord& record = camera->record();
    const auto stream = camera::ParseCameraUrl(record.url);
    const auto device = onvif::ParseDeviceUrl(record.onvif_url.value_or(""));
    if ((stream && stream->host == address) || (device && device->host == address)) {
      return record.id;
    }
  }
  return std::nullopt;
}

void DiscoveryRoutes::ReadDevice(const http::RequestPtr& request,
                                 const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  FieldErrors errors;
  DeviceQuery query = ReadDeviceQuery(*body, context_.allow_loopback_cameras, &errors);
  if (!errors.empty()) {
    responder.Send(Response::Problem(422, "Some fields of the device are not valid.", errors));
    return;
  }
  if (readings_.size() == kMostReadings) {
    responder.Send(TooMany());
    return;
  }
  const int64_t number = ++last_number_;
  Reading& reading = readings_[number];
  reading.device = std::make_unique<onvif::Device>(
      std::move(query.url),
      onvif::SoapClient::Options{.clock = context_.clock,
                                 .credentials = std::move(query.credentials),
                                 .allow_loopback = context_.allow_loopback_cameras});
  reading.limit = Source::After(kReadingLimit, [this, number, responder] {
    Answer(number, responder,
           onvif::Failed("timeout", "The camera answers too slowly; try again."));
  });
  responder.OnClientGone([this, number, sender = mailbox_.sender()] {
    sender.Post([this, number] { readings_.erase(number); });
  });
  Read(*reading.device, number, responder);
}

void DiscoveryRoutes::Read(onvif::Device& device, int64_t number,
                           const http::Responder& responder) {
  device.Open([this, &device, number, responder](const onvif::Outcome<bool>& opened) {
    if (!opened) {
      Answer(number, responder, onvif::Failed(opened.error()));
      return;
    }
    onvif::FetchFacts(device,
                      [this, number, responder](const onvif::Outcome<onvif::DeviceFacts>& facts) {
                        Answer(number, responder, facts);
                      });
  });
}

void DiscoveryRoutes::Answer(int64_t number, const http::Responder& responder,
                             const onvif::Outcome<onvif::DeviceFacts>& facts) {
  const auto reading = readings_.find(number);
  if (reading == readings_.end() || reading->second.answered) return;
  reading->second.answered = true;
  responder.Send(facts ? Response::Json(200, DeviceView(*reading->second.device, *facts))
                       : FailureView(facts.error()));
  // Not at once: the caller is one of its callbacks.
  mailbox_.Post([this, number] { readings_.erase(number); });
}

}  // namespace ronin::api
