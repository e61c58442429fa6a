// SPDX-License-Identifier: MIT
#include "api/camera_control.h"

#include <utility>

#include "api/camera_fields.h"
#include "api/json_views.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

Response UnknownCamera() { return Response::Problem(404, "There is no such camera."); }

/// A camera as it was stored, or what is wrong with it.
struct Changed {
  std::vector<http::FieldError> errors;
  CameraRecord record;
};

}  // namespace

CameraControl::CameraControl(const ApiContext& context, Events& events)
    : context_(context), events_(events) {
  http::Router& router = context_.server.router();
  for (const Method method : {Method::kPatch, Method::kPut}) {
    router.Add(method, "/api/cameras/{id:int}",
               [this](const http::RequestPtr& request, http::Responder responder) {
                 Replace(request, responder);
               });
  }
  for (const bool record : {true, false}) {
    router.Add(
        Method::kPost,
        record ? "/api/cameras/{id:int}/recording/start" : "/api/cameras/{id:int}/recording/stop",
        [this, record](const http::RequestPtr& request, http::Responder responder) {
          SetRecording(request, responder, record);
        });
  }
  router.Add(Method::kGet, "/api/cameras/{id:int}/recording/status",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Status(request, responder);
             });
}

void CameraControl::Change(int64_t id, Edit edit, View view, const http::Responder& responder) {
  if (context_.cameras.Find(id) == nullptr) {
    responder.Send(UnknownCamera());
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.camera_store, id, edit = std::move(edit),
       now = context_.clock.Now()]() -> Result<Changed> {
        auto stored = store.Get(id);
        if (!stored) return Fail(stored.error());
        Changed out{{}, *stored};
        out.errors = edit(out.record);
        if (!out.errors.empty()) return out;
        auto updated = store.Update(out.record, now);
        if (!updated) return Fail(updated.error());
        out.record = std::move(*updated);
        return out;
      },
      [this, id, view = std::move(view), responder](Result<Changed> changed) {
        if (!changed) {
          responder.SendError(changed.error());
          return;
        }
        if (!changed->errors.empty()) {
          responder.Send(
              Response::Problem(422, "Some fields of the camera are not valid.", changed->errors));
          return;
        }
        if (!context_.cameras.Change(std::move(changed->record))) {  // removed meanwhile
          responder.Send(UnknownCamera());
          return;
        }
        events_.CameraChanged(id);
        responder.Send(Response::Json(200, view(*context_.cameras.Find(id))));
      });
}

void CameraControl::Replace(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  // What a PUT leaves away stays, too: an answer does not hold the password.
  std::vector<http::FieldError> missing;
  for (const char* field : {"name", "url"}) {
    if (request->method() == Method::kPut && !body->Member(field)) {
      missing.push_back({field, "is missing; use PATCH to change some fields only"});
    }
  }
  if (!missing.empty()) {
    responder.Send(Response::Problem(422, "Some fields of the camera are not valid.", missing));
    return;
  }
  Change(
      request->IntParam("id"),
      [body = *body, allow_loopback = context_.allow_loopback_cameras](CameraRecord& record) {
        CameraFields fields = ReadCameraFields(body, allow_loopback, &record);
        record = std::move(fields.record);
        return std::move(fields.errors);
      },
      [this](const camera::Camera& camera) {
        log::Info("api", Concat("camera ", camera.record().name, " was changed"),
                  {{"CAMERA", camera.record().name}});
        JsonWriter json;
        WriteCamera(json, camera, context_.recorders.Find(camera.record().id));
        return json.Text();
      },
      responder);
}

void CameraControl::SetRecording(const http::RequestPtr& request, const http::Responder& responder,
                                 bool record) {
  Change(
      request->IntParam("id"),
      [record](CameraRecord& camera) {
        camera.record = record;
        return std::vector<http::FieldError>();
      },
      [this](const camera::Camera& camera) { return StatusView(camera); }, responder);
}

void CameraControl::Status(const http::RequestPtr& request, const http::Responder& responder) {
  const camera::Camera* camera = context_.cameras.Find(request->IntParam("id"));
  responder.Send(camera == nullptr ? UnknownCamera() : Response::Json(200, StatusView(*camera)));
}

std::string CameraControl::StatusView(const camera::Camera& camera) const {
  const auto* recorder = context_.recorders.Find(camera.record().id);
  const bool recording = recorder != nullptr && recorder->recording();
  const auto file = recording ? recorder->current_file() : std::nullopt;
  const auto figures = recording ? recorder->figures() : recording::CameraRecorder::Figures();
  JsonWriter json;
  json.Object().Key("recording").Bool(recording).Key("since");
  if (recording && recorder->recording_since()) {
    json.Time(*recorder->recording_since());
  } else {
    json.Null();
  }
  json.Key("current_file");
  if (file) {
    const VolumeGate* gate = context_.volumes.Holding(file->path);
    json.String(gate != nullptr ? file->path.substr(gate->root().size() + 1) : file->path);
    json.Key("segment_start").Time(file->start);
  } else {
    json.Null().Key("segment_start").Null();
  }
  json.Key("bytes_written").Int(int64_t(figures.bytes));
  json.Key("frames_written").Int(int64_t(figures.frames));
  json.Key("frames_lost").Int(recorder != nullptr ? int64_t(recorder->frames_lost()) : 0);
  json.Key("reconnects").Int(camera.reconnects()).End();
  return json.Text();
}

}  // namespace ronin::api
