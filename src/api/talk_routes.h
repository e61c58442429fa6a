// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "api/context.h"

namespace ronin::api {

/// `GET /api/cameras/{id}/talk`: whether a camera can be spoken to; WebSocket /api/talk: speaking
/// to one. The socket is one of its own and not the live socket, so that pictures that wait for a
/// slow viewer hold up no word, and speaking needs no live view. Thread: main.
class TalkRoutes {
 public:
  /// Adds its routes to the server; both outlive it.
  explicit TalkRoutes(const ApiContext& context);
  ~TalkRoutes();

  static constexpr size_t kMostSockets = 32;

 private:
  class Speaker;

  void Look(const http::RequestPtr& request, const http::Responder& responder);
  void Opened(const std::shared_ptr<http::WebSocket>& socket);

  const ApiContext& context_;
  std::vector<std::unique_ptr<Speaker>> speakers_;  // one for each socket
};

}  // namespace ronin::api
