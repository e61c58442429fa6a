// SPDX-License-Identifier: MIT
#include "api/camera_removal.h"

#include <utility>

#include "api/json_views.h"
#include "api/list_query.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "retention/protection.h"

namespace ronin::api {
namespace {

/// Protected recordings are evidence, perhaps: whoever lets all of a camera's footage go has to say
/// of these that they may go as well.
Status RefuseProtected(Catalog& catalog, int64_t camera_id) {
  const auto kept = retention::ProtectedOf(catalog, camera_id);
  if (!kept) return Fail(kept.error());
  if (kept->files == 0) return {};
  return Fail(ErrorKind::kConflict,
              Concat(kept->files, kept->files == 1 ? " recording" : " recordings",
                     " of this camera ", kept->files == 1 ? "is" : "are",
                     " protected. Unprotect what may be deleted first, or remove the camera and "
                     "keep its recordings"));
}

}  // namespace

using http::Method;
using http::Response;

CameraRemoval::CameraRemoval(const ApiContext& context, Events& events)
    : context_(context), events_(events) {
  http::Router& router = context_.server.router();
  router.Add(Method::kDelete, "/api/cameras/{id:int}",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Remove(request, responder);
             });
  router.Add(Method::kPost, "/api/cameras/{id:int}/restore",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Restore(request, responder);
             });
}

void CameraRemoval::Remove(const http::RequestPtr& request, const http::Responder& responder) {
  const int64_t id = request->IntParam("id");
  std::vector<http::FieldError> errors;
  for (const std::string& name : request->QueryNames()) {
    if (name != "footage") errors.push_back({name, "is not a parameter of this request"});
  }
  const std::string footage = request->Query("footage").value_or("keep");
  if (footage != "keep" && footage != "delete") {
    errors.push_back({"footage", "must be keep or delete"});
  }
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  if (context_.cameras.Find(id) == nullptr) {
    responder.Send(Response::Problem(404, "There is no such camera."));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.camera_store, &catalog = context_.catalog, id,
       with_footage = footage == "delete", now = context_.clock.Now()] {
        const Status allowed = with_footage ? RefuseProtected(catalog, id) : Status();
        return allowed ? store.Hide(id, with_footage, now) : allowed;
      },
      [this, id, responder](const Status& hidden) {
        if (!hidden) {
          responder.SendError(hidden.error());
          return;
        }
        context_.recorders.WillStop(id, "removed");
        const bool was_running =
            context_.cameras.Remove(id, [this, id, responder] { Stopped(id, responder); });
        events_.CameraRemoved(id);
        if (!was_running) responder.Send(Response::Empty());  // the recorder is stopping
      });
}

void CameraRemoval::Stopped(int64_t id, const http::Responder& responder) {
  context_.recorders.Hide(id);
  context_.live.Forget(id);
  context_.hub.Forget(id);
  context_.low_latency.Forget(id);
  hidden_[id] = Source::After(context_.undo, [this, id] { Forget(id); });
  responder.Send(Response::Empty());
}

void CameraRemoval::Restore(const http::RequestPtr& request, const http::Responder& responder) {
  const int64_t id = request->IntParam("id");
  if (hidden_.erase(id) == 0) {
    responder.Send(Response::Problem(
        404, "There is no removed camera that could be restored; the time for that is over."));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.camera_store, id] { return store.Restore(id); },
      [this, id, responder](Result<CameraRecord> camera) {
        if (!camera) hidden_[id] = Source::After(context_.undo, [this, id] { Forget(id); });
        Restored(std::move(camera), responder);
      });
}

void CameraRemoval::Restored(Result<CameraRecord> camera, const http::Responder& responder) {
  if (!camera) {
    responder.SendError(camera.error());
    return;
  }
  const int64_t id = camera->id;
  log::Info("api", Concat("camera ", camera->name, " was restored"), {{"CAMERA", camera->name}});
  if (!context_.cameras.Add(std::move(*camera))) {
    responder.Send(Response::Problem(
        503, "The recorder is stopping. The camera is kept, and begins at the next start."));
    return;
  }
  events_.CameraChanged(id);
  JsonWriter json;
  WriteCamera(json, context_, *context_.cameras.Find(id));
  responder.Send(Response::Json(200, json.Text()));
}

void CameraRemoval::Forget(int64_t id) {
  hidden_.erase(id);
  Ask(
      context_.database, mailbox_,
      [&store = context_.camera_store, id] { return store.Remove(id); },
      [this, id](const Status& removed) {
        if (!removed) {
          log::Warning("api", Concat("removed camera ", id, " cannot be forgotten (",
                                     removed.error().Text(), "); the next start does it"));
          return;
        }
        context_.recorders.Forget(id);
        context_.footage.Work();
      });
}

}  // namespace ronin::api
