// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "api/events.h"

namespace ronin::api {

/// Listing, reading and adding cameras: /api/cameras. Thread: main.
class CameraRoutes {
 public:
  /// Adds its routes to the server. `events` outlives it.
  CameraRoutes(const ApiContext& context, Events& events);

 private:
  void List(const http::RequestPtr& request, const http::Responder& responder);
  void Get(const http::RequestPtr& request, const http::Responder& responder);
  void Add(const http::RequestPtr& request, const http::Responder& responder);
  std::string View(int64_t id) const;

  const ApiContext& context_;
  Events& events_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
