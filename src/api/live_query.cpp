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

void SendPlaylist(const http::Responder& responder, const Result<std::string>& playlist) {
  if (!playlist) {
    SendLiveError(responder, playlist.error());
    return;
  }
  Response response{
      .status = 200, .content_type = "application/vnd.apple.mpegurl", .body = *playlist};
  responder.Send(std::move(response).With("Cache-Control", "no-store"));
}

void SendLiveError(const http::Responder& responder, const Error& error) {
  Response response = Response::FromError(error).With("Cache-Control", "no-store");
  if (error.kind == ErrorKind::kUnavailable)
    response = std::move(response).With("Retry-After", "1");
  responder.Send(std::move(response));
}

}  // namespace ronin::api
