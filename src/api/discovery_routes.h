// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "api/context.h"
#include "base/source.h"
#include "onvif/device.h"
#include "onvif/discovery.h"

namespace ronin::api {

/// POST /api/discovery and /api/discovery/device: cameras that are not added yet. Thread: main.
class DiscoveryRoutes {
 public:
  /// Adds its routes to the server.
  explicit DiscoveryRoutes(const ApiContext& context);

 private:
  /// One device that is read for a request.
  struct Reading {
    std::unique_ptr<onvif::Device> device;
    Source limit;
    bool answered = false;
  };

  void Discover(const http::RequestPtr& request, const http::Responder& responder);
  void Found(const std::vector<onvif::FoundDevice>& devices);
  void WriteFound(JsonWriter& json, const onvif::FoundDevice& device) const;
  std::optional<int64_t> CameraAt(const std::string& address) const;
  void ReadDevice(const http::RequestPtr& request, const http::Responder& responder);
  void Read(onvif::Device& device, int64_t number, const http::Responder& responder);
  void Answer(int64_t number, const http::Responder& responder,
              const onvif::Outcome<onvif::DeviceFacts>& facts);

  const ApiContext& context_;
  std::unique_ptr<onvif::Discovery> discovery_;
  std::vector<http::Responder> waiting_;  // for the search that runs
  std::map<int64_t, Reading> readings_;   // by a number of their own
  int64_t last_number_ = 0;
  Mailbox mailbox_;
};

}  // namespace ronin::api
