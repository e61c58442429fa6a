// SPDX-License-Identifier: MIT
#include "api/ll_routes.h"

#include <string_view>

#include "api/list_query.h"
#include "api/live_query.h"

namespace ronin::api {

using http::Method;
using http::Response;

namespace {

constexpr const char* kGone =
    "This piece of the live view is gone, or never was; reload the playlist.";

/// The delivery directives (RFC 8216bis, 6.2.5). Others than these may be ignored, and are.
live::LlPlaylistAsk ReadAsk(const http::Request& request, std::vector<http::FieldError>* errors) {
  live::LlPlaylistAsk out{.segment = ReadNumber(request, "_HLS_msn", errors),
                          .part = ReadNumber(request, "_HLS_part", errors)};
  if (request.Query("_HLS_part") && !request.Query("_HLS_msn")) {
    errors->push_back({"_HLS_part", "is of no use without _HLS_msn"});
  }
  if (const auto skip = request.Query("_HLS_skip")) {
    out.delta = true;
    if (*skip != "YES" && *skip != "v2") errors->push_back({"_HLS_skip", "must be YES or v2"});
  }
  return out;
}

void SendMedia(const http::Responder& responder, GRef<GBytes> bytes) {
  if (!bytes) {
    responder.Send(Response::Problem(404, kGone).With("Cache-Control", "no-store"));
    return;
  }
  // No number is ever used twice, but what is live is not worth a place in a cache for long.
  responder.SendBytes(std::move(bytes), "video/mp4", {{"Cache-Control", "private, max-age=60"}});
}

}  // namespace

LlRoutes::LlRoutes(const ApiContext& context) : context_(context) {
  http::Router& router = context_.server.router();
  const auto add = [&](const char* name,
                       void (LlRoutes::*handler)(const http::RequestPtr&, const http::Responder&)) {
    router.Add(Method::kGet, std::string("/api/cameras/{id:int}/stream/ll/") + name,
               [this, handler](const http::RequestPtr& request, const http::Responder& responder) {
                 (this->*handler)(request, responder);
               });
  };
  add("playlist.m3u8", &LlRoutes::Playlist);
  add("init.mp4", &LlRoutes::Init);
  add("{piece}.m4s", &LlRoutes::Piece);
}

void LlRoutes::Playlist(const http::RequestPtr& request, const http::Responder& responder) {
  camera::Camera* camera = FindStream(context_, *request, responder);
  if (camera == nullptr) return;
  std::vector<http::FieldError> errors;
  const live::LlPlaylistAsk ask = ReadAsk(*request, &errors);
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  context_.low_latency.Start(*camera).RequestPlaylist(
      ask, [responder](Result<std::string> playlist) { SendPlaylist(responder, playlist); },
      [responder] { return responder.client_gone(); });
}

void LlRoutes::Init(const http::RequestPtr& request, const http::Responder& responder) {
  const auto id = ReadStream(*request, responder);
  if (!id) return;
  std::vector<http::FieldError> errors;
  const auto number = ReadNumber(*request, "id", &errors);
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  const live::LlStream* stream = context_.low_latency.Find(*id);
  SendMedia(responder, stream == nullptr ? GRef<GBytes>() : stream->Init(number));
}

void LlRoutes::Piece(const http::RequestPtr& request, const http::Responder& responder) {
  const auto id = ReadStream(*request, responder);
  if (!id) return;
  live::LlStream* stream = context_.low_latency.Find(*id);
  const std::string_view name = request->TextParam("piece");
  const size_t dot = name.find('.');
  const auto segment = ReadNumber(name.substr(0, dot));
  if (stream == nullptr || !segment) {
    SendMedia(responder, {});
    return;
  }
  if (dot == std::string_view::npos) {
    SendMedia(responder, stream->Segment(*segment));
    return;
  }
  const auto part = ReadNumber(name.substr(dot + 1));
  if (!part) {
    SendMedia(responder, {});
    return;
  }
  stream->RequestPart(
      {*segment, *part},
      [responder](Result<GRef<GBytes>> bytes) {
        if (bytes) {
          SendMedia(responder, std::move(*bytes));
        } else {
          SendLiveError(responder, bytes.error());
        }
      },
      [responder] { return responder.client_gone(); });
}

}  // namespace ronin::api
