// SPDX-License-Identifier: MIT
#include "api/camera_control.h"

#include <algorithm>
#include <iterator>
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

constexpr std::string_view kOfDevice[] = {"url",      "sub_url",   "onvif_url",  "username",
                                          "password", "transport", "record_sub", "tls_fingerprint"};

CameraRecord WithoutDevice(const CameraRecord& camera) {
  CameraRecord out;
  out.id = camera.id;
  out.uuid = camera.uuid;
  out.name = camera.name;
  out.folder = camera.folder;
  out.volume_uuid = camera.volume_uuid;
  out.group = camera.group;
  out.tags = camera.tags;
  out.enabled = camera.enabled;
  out.record = camera.record;
  out.record_audio = camera.record_audio;
  out.schedule = camera.schedule;
  out.retention_days = camera.retention_days;
  out.retention_bytes = camera.retention_bytes;
  out.retention_min_days = camera.retention_min_days;
  out.sub_retention_days = camera.sub_retention_days;
  out.sub_retention_bytes = camera.sub_retention_bytes;
  out.created = camera.created;
  return out;
}

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
  router.Add(Method::kPost, "/api/cameras/{id:int}/replace",
             [this](const http::RequestPtr& request, http::Responder responder) {
               ReplaceDevice(request, responder);
             });
  for (const bool record : {true, false}) {
    router.Add(
        Method::kPost,
        record ? "/api/cameras/{id:int}/recording/start" : "/api/cameras/{id:int}/recording/stop",
        [this, record](const http::RequestPtr& request, http::Responder responder) {
          SetRecording(request, responder, record);
        });
  }
  router.Add(Method::kPost, "/api/cameras/{id:int}/retry",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Retry(request, responder);
             });
  router.Add(Method::kGet, "/api/cameras/{id:int}/recording/status",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Status(request, responder);
             });
}

void CameraControl::Change(int64_t id, const char* why, Edit edit, View view,
                           const http::Responder& responder) {
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
      [this, id, why, view = std::move(view), responder](Result<Changed> changed) {
        if (!changed) {
          responder.SendError(changed.error());
          return;
        }
        if (!changed->errors.empty()) {
          responder.Send(
              Response::Problem(422, "Some fields of the camera are not valid.", changed->errors));
          return;
        }
        context_.recorders.WillStop(id, why);
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
      request->IntParam("id"), "changed",
      [body = *body, allow_loopback = context_.allow_loopback_cameras,
       volumes = context_.volumes.Disks()](CameraRecord& record) {
        CameraFields fields = ReadCameraFields(body, allow_loopback, &record, &volumes);
        record = std::move(fields.record);
        return std::move(fields.errors);
      },
      [this](const camera::Camera& camera) {
        log::Info("api", Concat("camera ", camera.record().name, " was changed"),
                  {{"CAMERA", camera.record().name}});
        return CameraView(camera);
      },
      responder);
}

/// Another device takes the place of a camera: it keeps what is ours (name, folder, footage, what
/// is recorded) and nothing of the device before, above all not its password.
void CameraControl::ReplaceDevice(const http::RequestPtr& request,
                                  const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  std::vector<http::FieldError> errors;
  for (const std::string& name : body->MemberNames()) {
    if (std::find(std::begin(kOfDevice), std::end(kOfDevice), name) == std::end(kOfDevice)) {
      errors.push_back({name, "is not a field of the new device; change it with PATCH"});
    }
  }
  if (!body->Member("url")) errors.push_back({"url", "is missing; give the new address"});
  Change(
      request->IntParam("id"), "replaced",
      [body = *body, errors,
       allow_loopback = context_.allow_loopback_cameras](CameraRecord& record) {
        const CameraRecord base = WithoutDevice(record);
        CameraFields fields = ReadCameraFields(body, allow_loopback, &base);
        auto all = errors;
        for (auto& error : fields.errors) {
          const auto same = [&](const http::FieldError& one) { return one.field == error.field; };
          if (std::none_of(errors.begin(), errors.end(), same)) all.push_back(std::move(error));
        }
        record = std::move(fields.record);
        return all;
      },
      [this](const camera::Camera& camera) {
        log::Info("api", Concat("camera ", camera.record().name, " is another device now"),
                  {{"CAMERA", camera.record().name}});
        return CameraView(camera);
      },
      responder);
}

std::string CameraControl::CameraView(const camera::Camera& camera) const {
  JsonWriter json;
  WriteCamera(json, context_, camera);
  return json.Text();
}

void CameraControl::SetRecording(const http::RequestPtr& request, const http::Responder& responder,
                                 bool record) {
  Change(
      request->IntParam("id"), "changed",
      [record](CameraRecord& camera) {
        camera.record = record;
        return std::vector<http::FieldError>();
      },
      [this](const camera::Camera& camera) { return StatusView(camera); }, responder);
}

/// The next try of a camera that is away, at once.
void CameraControl::Retry(const http::RequestPtr& request, const http::Responder& responder) {
  camera::Camera* camera = context_.cameras.Find(request->IntParam("id"));
  if (camera == nullptr) {
    responder.Send(UnknownCamera());
  } else if (camera->RetryNow()) {
    responder.Send(Response::Empty(202));
  } else {
    const bool off = camera->status() == camera::CameraStatus::kDisabled;
    responder.Send(Response::Problem(
        409, off ? "The camera is switched off." : "The camera is connected, or just connecting."));
  }
}

void CameraControl::Status(const http::RequestPtr& request, const http::Responder& responder) {
  const camera::Camera* camera = context_.cameras.Find(request->IntParam("id"));
  responder.Send(camera == nullptr ? UnknownCamera() : Response::Json(200, StatusView(*camera)));
}

std::string CameraControl::StatusView(const camera::Camera& camera) const {
  JsonWriter json;
  json.Object();
  WriteStatus(json, camera);
  json.Key("sub");
  if (camera.record().sub_url) {
    json.Object();
    WriteStatus(json, *context_.cameras.Find({camera.record().id, StreamKind::kSub}));
    json.End();
  } else {
    json.Null();
  }
  json.End();
  return json.Text();
}

void CameraControl::WriteStatus(JsonWriter& json, const camera::Camera& stream) const {
  const auto* recorder = context_.recorders.Find(stream.id());
  const bool recording = recorder != nullptr && recorder->recording();
  const auto file = recording ? recorder->current_file() : std::nullopt;
  const auto figures = recording ? recorder->figures() : recording::CameraRecorder::Figures();
  json.Key("recording").Bool(recording).Key("since");
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
  json.Key("reconnects").Int(stream.reconnects());
}

}  // namespace ronin::api
