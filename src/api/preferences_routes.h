// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "api/events.h"
#include "base/mailbox.h"
#include "config/preferences.h"

namespace ronin::api {

/// /api/me/preferences: what the user set up in the web interface, a JSON object that nobody here
/// understands. Its version is its ETag; who sends If-Match overwrites nobody else's change.
/// Thread: main.
class PreferencesRoutes {
 public:
  /// Adds its routes to the server; both outlive it.
  PreferencesRoutes(const ApiContext& context, Events& events);

 private:
  void Get(const http::RequestPtr& request, const http::Responder& responder);
  void Put(const http::RequestPtr& request, const http::Responder& responder);

  const ApiContext& context_;
  Events& events_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
