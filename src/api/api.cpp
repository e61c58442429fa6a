// SPDX-License-Identifier: MIT
#include "api/api.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace ronin::api {

Api::Api(ApiContext context)
    : context_(std::move(context)),
      started_(context_.clock.Mono()),
      events_(context_),
      cameras_(context_, events_),
      control_(context_, events_),
      removal_(context_, events_),
      transfer_(context_, events_),
      discovery_(context_),
      ptz_(context_),
      policy_(context_),
      preferences_(context_, events_),
      tests_(context_),
      recordings_(context_, events_),
      live_(context_),
      low_latency_(context_),
      live_socket_(context_),
      snapshot_(context_),
      talk_(context_),
      pipeline_(context_),
      timeline_(context_),
      metrics_(context_),
      storage_(context_),
      alarms_(context_),
      volumes_(context_),
      openapi_(context_) {
  context_.server.router().Add(
      http::Method::kGet, "/health",
      [this](const http::RequestPtr&, http::Responder responder) { Health(responder); });
}

void Api::SetSite(std::string time_zone, bool allow_loopback_cameras,
                  std::chrono::milliseconds undo) {
  context_.time_zone = std::move(time_zone);
  context_.allow_loopback_cameras = allow_loopback_cameras;
  context_.undo = undo;
}

void Api::Health(const http::Responder& responder) const {
  if (!ready_) {
    responder.Send(
        http::Response::Problem(503, "The recorder is starting; try again in a moment."));
    return;
  }
  bool degraded = !std::ranges::all_of(
      context_.volumes.all(), [](const auto& gate) { return gate->ok() && !gate->lost_data(); });
  degraded = degraded || context_.cameras.Stuck() > 0 ||
             context_.alarms.Count(AlarmKind::kCatalogDamaged) > 0;
  for (const camera::Camera* camera : context_.cameras.All()) {
    for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
      const StreamId id(camera->record().id, kind);
      const auto* recorder = context_.recorders.Find(id);
      degraded = degraded ||
                 context_.cameras.Find(id)->status() == camera::CameraStatus::kOffline ||
                 (recorder != nullptr && recorder->error());
    }
  }
  const auto uptime =
      std::chrono::duration_cast<std::chrono::seconds>(context_.clock.Mono() - started_);
  JsonWriter json;
  json.Object().Key("status").String(degraded ? "degraded" : "ok");
  json.Key("version").String(context_.version).Key("uptime_s").Int(uptime.count()).End();
  responder.Send(http::Response::Json(200, json.Text()));
}

}  // namespace ronin::api
