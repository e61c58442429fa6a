// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"

namespace ronin::api {

/// /api/cameras/{id}/stream: HLS for players that want plain HLS. Thread: main.
class LiveRoutes {
 public:
  /// Adds its routes to the server.
  explicit LiveRoutes(const ApiContext& context);

 private:
  void Playlist(const http::RequestPtr& request, const http::Responder& responder);
  void Segment(const http::RequestPtr& request, const http::Responder& responder);

  const ApiContext& context_;
};

}  // namespace ronin::api
