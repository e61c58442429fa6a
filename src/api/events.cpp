// SPDX-License-Identifier: MIT
#include "api/events.h"

#include <utility>

#include "api/alarm_routes.h"
#include "api/json_views.h"
#include "base/json.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kCoalesce = 200ms;
constexpr auto kPing = 10s;
constexpr auto kMeasure = 5s;  // bit rate and frame rate of all cameras

}  // namespace

Events::Events(const ApiContext& context) : context_(context) {
  context_.server.AddWebSocket(
      "/api/events", "ronin.events.1",
      [this](std::shared_ptr<http::WebSocket> socket) { Opened(std::move(socket)); });
  ping_ = Source::Every(kPing, [this] {
    JsonWriter json;
    json.Object().Key("type").String("ping").Key("at").Time(context_.clock.Now()).End();
    Broadcast(json.Text());
  });
  measure_ = Source::Every(kMeasure, [this] {
    if (sockets_.empty()) return;
    for (const camera::Camera* camera : context_.cameras.All()) CameraChanged(camera->record().id);
  });
}

void Events::Opened(std::shared_ptr<http::WebSocket> socket) {
  http::WebSocket* raw = socket.get();
  socket->on_closed = [this, raw](uint16_t) {
    std::erase_if(sockets_, [raw](const auto& s) { return s.get() == raw; });
  };
  sockets_.push_back(socket);
  socket->SendText(State());
  socket->SendText(AlarmsNow());
  if (const auto& moving = context_.mover.progress(); moving.running) {
    socket->SendText(MovingText(moving));
  }
}

std::string Events::State() const {
  JsonWriter json;
  json.Object().Key("type").String("state").Key("at").Time(context_.clock.Now());
  json.Key("version").String(context_.version).Key("time_zone").String(context_.time_zone);
  json.Key("cameras").Array();
  for (const camera::Camera* camera : context_.cameras.All()) {
    WriteCamera(json, context_, *camera);
  }
  json.End().End();
  return json.Text();
}

void Events::CameraChanged(int64_t id) {
  changed_.insert(id);
  if (!send_.active()) send_ = Source::After(kCoalesce, [this] { SendChanges(); });
}

void Events::AlarmsChanged() {
  if (!send_alarms_.active()) {
    send_alarms_ = Source::After(kCoalesce, [this] { Broadcast(AlarmsNow()); });
  }
}

std::string Events::AlarmsNow() const {
  JsonWriter json;
  json.Object().Key("type").String("alarms").Key("at").Time(context_.clock.Now()).Key("items");
  WriteAlarms(json, context_.alarms);
  json.End();
  return json.Text();
}

void Events::SendChanges() {
  for (const int64_t id : std::exchange(changed_, {})) {
    const camera::Camera* camera = context_.cameras.Find(id);
    if (camera == nullptr) continue;
    JsonWriter json;
    json.Object().Key("type").String("camera").Key("at").Time(context_.clock.Now()).Key("camera");
    WriteCamera(json, context_, *camera);
    json.End();
    Broadcast(json.Text());
  }
}

void Events::CameraRemoved(int64_t id) {
  changed_.erase(id);
  JsonWriter json;
  json.Object().Key("type").String("camera_removed").Key("at").Time(context_.clock.Now());
  json.Key("camera_id").Int(id).End();
  Broadcast(json.Text());
}

void Events::RecordingChanged(const Segment& segment) {
  JsonWriter json;
  json.Object().Key("type").String("recording").Key("at").Time(context_.clock.Now());
  json.Key("recording");
  WriteRecording(json, segment);
  json.End();
  Broadcast(json.Text());
}

void Events::PreferencesChanged(int64_t version) {
  JsonWriter json;
  json.Object().Key("type").String("preferences").Key("at").Time(context_.clock.Now());
  json.Key("version").Int(version).End();
  Broadcast(json.Text());
}

void Events::RetentionChanged(const retention::Sweeper::Progress& progress) {
  retention_ = progress;
  if (!send_retention_.active()) {
    send_retention_ = Source::After(kCoalesce, [this] { SendRetention(); });
  }
}

void Events::SendRetention() {
  JsonWriter json;
  json.Object().Key("type").String("retention").Key("at").Time(context_.clock.Now());
  json.Key("running").Bool(retention_.running);
  json.Key("file_count").Int(retention_.deleted.files);
  json.Key("size_bytes").Int(retention_.deleted.size_bytes);
  json.Key("left_file_count").Int(retention_.left_files).End();
  Broadcast(json.Text());
}

void Events::Moving(const retention::MoveProgress& progress) { Broadcast(MovingText(progress)); }

std::string Events::MovingText(const retention::MoveProgress& progress) const {
  JsonWriter json;
  json.Object().Key("type").String("moving").Key("at").Time(context_.clock.Now());
  json.Key("running").Bool(progress.running).Key("file_count").Int(progress.file_count);
  return json.Key("left_file_count").Int(progress.left_file_count).End().Text();
}

void Events::Broadcast(const std::string& text) {
  // A copy, because sending to a dead socket may close it, which changes the list.
  for (const auto& socket : std::vector(sockets_)) {
    if (socket->congested()) {
      // It would miss a change; let it connect again and get the whole state.
      socket->Close(1013, "too slow");
      continue;
    }
    socket->SendText(text);
  }
}

}  // namespace ronin::api
