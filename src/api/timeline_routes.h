// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "api/context.h"

namespace ronin::api {

/// /api/timeline: what was recorded of some cameras, and why the rest was not. Thread: main.
class TimelineRoutes {
 public:
  /// Adds its route to the server.
  explicit TimelineRoutes(const ApiContext& context);

 private:
  struct Answer;
  struct Reading;
  void Get(const http::RequestPtr& request, const http::Responder& responder);
  void Next(const std::shared_ptr<Answer>& answer);
  void ReadOn(const std::shared_ptr<Answer>& answer, const std::shared_ptr<Reading>& reading);

  const ApiContext& context_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
