// SPDX-License-Identifier: MIT
#include "api/live_routes.h"

#include "api/list_query.h"
#include "api/live_query.h"

namespace ronin::api {

using http::Method;
using http::Response;

LiveRoutes::LiveRoutes(const ApiContext& context) : context_(context) {
  http::Router& router = context_.server.router();
  router.Add(Method::kGet, "/api/cameras/{id:int}/stream/hls/playlist.m3u8",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Playlist(request, responder);
             });
  router.Add(Method::kGet, "/api/cameras/{id:int}/stream/hls/{segment:int}.ts",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Segment(request, responder);
             });
}

void LiveRoutes::Playlist(const http::RequestPtr& request, const http::Responder& responder) {
  camera::Camera* camera = FindStream(context_, *request, responder);
  if (camera == nullptr) return;
  std::vector<http::FieldError> errors;
  const live::HlsPlaylistAsk ask{.may_block = ReadFlag(*request, "block", &errors),
                                 .segment = ReadNumber(*request, "_HLS_msn", &errors)};
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  context_.live.RequestPlaylist(
      *camera, ask,
      [responder](Result<std::string> playlist) { SendPlaylist(responder, playlist); },
      [responder] { return responder.client_gone(); });
}

void LiveRoutes::Segment(const http::RequestPtr& request, const http::Responder& responder) {
  const auto id = ReadStream(*request, responder);
  if (!id) return;
  GRef<GBytes> bytes = context_.live.Segment(*id, request->IntParam("segment"));
  if (!bytes) {
    responder.Send(
        Response::Problem(404, "This piece of the live view is gone; reload the playlist."));
    return;
  }
  // Numbers start again when the recorder does, so no cache may keep one for long.
  responder.SendBytes(std::move(bytes), "video/mp2t", {{"Cache-Control", "private, max-age=10"}});
}

}  // namespace ronin::api
