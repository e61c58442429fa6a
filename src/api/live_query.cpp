// SPDX-License-Identifier: MIT
#include "api/live_query.h"

#include "api/list_query.h"

namespace ronin::api {

using http::Response;

std::optional<StreamId> ReadStream(const http::Request& request, const http::Responder& responder) {
  const auto kind = ParseStreamKind(request.Query("stream").value_or("main"));
  if (kind) return StreamId(request.IntParam("id"), *kind);
  responder.Send(BadParameters({{"stream", "must be main or sub"}}));
  return std::nullopt;
}

camera::Camera* FindStream(const ApiContext& context, const http::Request& request,
                           const http::Responder& responder) {
  const auto id = ReadStream(request, responder);
  if (!id) return nullptr;
  camera::Camera* camera = context.cameras.Find(*id);
  if (camera == nullptr) {
    responder.Send(Response::Problem(404, "There is no such camera."));
    return nullptr;
  }
  if (id->kind == StreamKind::kSub && !camera->record().sub_url) {
    responder.Send(Response::Problem(404, "The camera has no sub stream; set its sub_url."));
    return nullptr;
  }
  return camera;
}

}  // namespace ronin::api
