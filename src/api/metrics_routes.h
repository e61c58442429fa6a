// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "api/context.h"
#include "api/database_figures.h"
#include "base/loop_watch.h"
#include "base/source.h"

namespace ronin::api {

/// GET /metrics: figures of the recorder for Prometheus. Answers at once, with what the databases
/// said last, and reads them again behind that. What they said more than a minute ago is waited for
/// anew, for a second at most, so that a scrape also tells of a recorder whose disk is stuck.
/// Thread: main.
class MetricsRoutes {
 public:
  /// Adds its route to the server.
  explicit MetricsRoutes(const ApiContext& context);

 private:
  void Get(const http::Responder& responder);
  void AnswerAll();

  const ApiContext& context_;
  const WallTime started_;
  LoopWatch loop_;
  DatabaseFigures database_;
  std::vector<http::Responder> waiting_;  // no more than the server has connections
  Source deadline_;
};

}  // namespace ronin::api
