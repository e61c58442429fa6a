// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"

namespace ronin::api {

/// /api/cameras/{id}/stream/ll: Low-Latency HLS, for players that read it and for those that read
/// only plain HLS. Thread: main.
class LlRoutes {
 public:
  /// Adds its routes to the server.
  explicit LlRoutes(const ApiContext& context);

 private:
  void Playlist(const http::RequestPtr& request, const http::Responder& responder);
  void Init(const http::RequestPtr& request, const http::Responder& responder);
  void Piece(const http::RequestPtr& request, const http::Responder& responder);

  const ApiContext& context_;
};

}  // namespace ronin::api
