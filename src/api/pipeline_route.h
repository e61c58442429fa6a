// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "camera/pipeline_graphs.h"

namespace ronin::api {

/// GET /api/cameras/{id}/pipeline: `{"launch","dot"}`, how a camera's pipeline is made, for people
/// who look into it. No secret is in either. Thread: main.
class PipelineRoute {
 public:
  /// Adds its route to the server.
  explicit PipelineRoute(const ApiContext& context);

 private:
  void Get(const http::RequestPtr& request, const http::Responder& responder);
  std::string LaunchOf(const camera::Camera& camera) const;

  const ApiContext& context_;
  camera::PipelineGraphs graphs_;
};

}  // namespace ronin::api
