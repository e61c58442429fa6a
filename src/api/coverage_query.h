// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "recording/timeline.h"

namespace ronin::api {

/// What ReadCoverage() must be told to read a camera's stream in `window`. Thread: main.
inline recording::TimelineQuery CoverageQuery(const ApiContext& context,
                                              const camera::Camera& camera,
                                              const recording::Span& window,
                                              StreamKind stream = StreamKind::kMain) {
  recording::TimelineQuery query{.camera_id = camera.record().id,
                                 .stream = stream,
                                 .window = window,
                                 .now = context.clock.Now(),
                                 .created = camera.record().created};
  if (const auto* recorder = context.recorders.Find({query.camera_id, stream})) {
    query.recording = recorder->recording();
    query.known = recorder->recorded_until();
  }
  return query;
}

}  // namespace ronin::api
