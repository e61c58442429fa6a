// SPDX-License-Identifier: MIT
#include "api/alarm_routes.h"

namespace ronin::api {
namespace {

void WriteId(JsonWriter& json, const char* key, const std::optional<int64_t>& id) {
  json.Key(key);
  id ? json.Int(*id) : json.Null();
}

}  // namespace

void WriteAlarms(JsonWriter& json, const Alarms& alarms) {
  json.Array();
  for (const Alarm& alarm : alarms.items()) {
    json.Object().Key("id").String(alarm.id()).Key("kind").String(ToString(alarm.kind));
    json.Key("severity").String(SeverityOf(alarm.kind)).Key("since").Time(alarm.since);
    json.Key("sentence").String(alarm.sentence);
    WriteId(json, "volume_id", alarm.subject.volume_id);
    WriteId(json, "camera_id", alarm.subject.camera_id);
    json.End();
  }
  json.End();
}

AlarmRoutes::AlarmRoutes(const ApiContext& context) {
  context.server.router().Add(
      http::Method::kGet, "/api/alarms",
      [&alarms = context.alarms](const http::RequestPtr&, const http::Responder& responder) {
        JsonWriter json;
        json.Object().Key("items");
        WriteAlarms(json, alarms);
        json.End();
        responder.Send(http::Response::Json(200, json.Text()));
      });
}

}  // namespace ronin::api
