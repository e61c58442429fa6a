// SPDX-License-Identifier: MIT
#pragma once

#include <map>

#include "api/context.h"
#include "api/events.h"
#include "base/source.h"

namespace ronin::api {

/// DELETE /api/cameras/{id} and POST …/restore. A removed camera stops at once and is hidden for as
/// long as it can be restored; then it is forgotten, with its footage if that was asked for. A
/// restart forgets it, too. Thread: main.
class CameraRemoval {
 public:
  /// Adds its routes to the server. `events` outlives it.
  CameraRemoval(const ApiContext& context, Events& events);

 private:
  void Remove(const http::RequestPtr& request, const http::Responder& responder);
  void Stopped(int64_t id, const http::Responder& responder);
  void Restore(const http::RequestPtr& request, const http::Responder& responder);
  void Restored(Result<CameraRecord> camera, const http::Responder& responder);
  void Forget(int64_t id);

  const ApiContext& context_;
  Events& events_;
  std::map<int64_t, Source> hidden_;  // until each is forgotten
  Mailbox mailbox_;
};

}  // namespace ronin::api
