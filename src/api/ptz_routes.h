// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "api/onvif_fields.h"
#include "api/onvif_sessions.h"

namespace ronin::api {

/// What a camera is told by ONVIF: GET and POST /api/cameras/{id}/ptz, and
/// POST /api/cameras/{id}/onvif/apply. Thread: main.
class PtzRoutes {
 public:
  /// Adds its routes to the server.
  explicit PtzRoutes(const ApiContext& context);

 private:
  using SessionPtr = OnvifSessions::SessionPtr;
  /// Ends a request with what is answered, or a failure.
  using End = onvif::Then<std::string>;
  using Work = std::function<void(const SessionPtr&, const End&)>;

  void Presets(const http::RequestPtr& request, const http::Responder& responder);
  void Turn(const http::RequestPtr& request, const http::Responder& responder);
  void Apply(const http::RequestPtr& request, const http::Responder& responder);
  /// Runs `work` in the camera's session and answers what it ends with.
  void Run(const http::RequestPtr& request, const http::Responder& responder, Work work);

  const ApiContext& context_;
  OnvifSessions sessions_;
};

}  // namespace ronin::api
