// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"

namespace ronin::api {

/// GET /api/cameras/{id}/snapshot.jpg: the newest keyframe as a JPEG; `?width=` says how wide it is
/// wanted. Clients keep it and ask with its ETag whether it is still the newest. Thread: main.
class SnapshotRoute {
 public:
  /// Adds its route to the server.
  explicit SnapshotRoute(const ApiContext& context);

 private:
  void Get(const http::RequestPtr& request, const http::Responder& responder) const;

  const ApiContext& context_;
};

}  // namespace ronin::api
