// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "retention/planner.h"

namespace ronin::api {

/// /api/storage/policy: how long footage is kept; what that would delete; deleting it now; and that
/// the clock is right. Thread: main.
class PolicyRoutes {
 public:
  /// Adds its routes to the server.
  explicit PolicyRoutes(const ApiContext& context);

 private:
  void Get(const http::Responder& responder);
  void Put(const http::RequestPtr& request, const http::Responder& responder);
  void Preview(const http::RequestPtr& request, const http::Responder& responder);
  void Foretell(retention::WhatIf what_if, const http::Responder& responder);
  std::string View(const retention::Limits& limits) const;

  const ApiContext& context_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
