// SPDX-License-Identifier: MIT
#include "api/camera_routes.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "api/camera_fields.h"
#include "api/json_views.h"
#include "api/list_query.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "config/camera_folder.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

Response NoSuchCamera() { return Response::Problem(404, "There is no such camera."); }

/// The id of the last camera of the page before, as it was written; 0 for the first page.
std::optional<int64_t> ParseCursor(const std::string& text) {
  if (text.empty()) return 0;
  int64_t id = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), id).ec;
  if (error != std::errc() || id < 1 || std::to_string(id) != text) return std::nullopt;
  return id;
}

/// `?group=&tag=`: the group (an empty one: those without), and all of the tags, without case.
class CameraFilter {
 public:
  explicit CameraFilter(const http::Request& request) {
    if (const auto group = request.Query("group")) group_ = ComparisonKey(*group);
    for (const std::string& tag : request.QueryAll("tag")) tags_.insert(ComparisonKey(tag));
  }

  bool Wants(const CameraRecord& camera) const {
    if (group_ && *group_ != ComparisonKey(camera.group.value_or(""))) return false;
    if (tags_.empty()) return true;
    std::set<std::string> has;
    for (const std::string& tag : camera.tags) has.insert(ComparisonKey(tag));
    return std::includes(has.begin(), has.end(), tags_.begin(), tags_.end());
  }

 private:
  std::optional<std::string> group_;
  std::set<std::string> tags_;
};

}  // namespace

CameraRoutes::CameraRoutes(const ApiContext& context, Events& events)
    : context_(context), events_(events) {
  http::Router& router = context_.server.router();
  const auto add = [&](Method method, const char* pattern, auto member) {
    router.Add(method, pattern,
               [this, member](const http::RequestPtr& request, http::Responder responder) {
                 (this->*member)(request, responder);
               });
  };
  add(Method::kGet, "/api/cameras", &CameraRoutes::List);
  add(Method::kPost, "/api/cameras", &CameraRoutes::Add);
  add(Method::kGet, "/api/cameras/{id:int}", &CameraRoutes::Get);
}

void CameraRoutes::List(const http::RequestPtr& request, const http::Responder& responder) {
  std::vector<http::FieldError> errors;
  RefuseUnknownParameters(*request, {"group", "tag"}, &errors);
  const PageQuery page = ReadPageQuery(*request, &errors);
  const auto after = ParseCursor(page.cursor);
  if (!after) {
    errors.push_back({"cursor", "is not valid; use \"next\" of the page before, unchanged"});
  }
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  const CameraFilter filter(*request);
  JsonWriter json;
  BeginList(json);
  int count = 0;
  int64_t last = 0;
  std::optional<std::string> next;
  for (const camera::Camera* camera : context_.cameras.All()) {
    const int64_t id = camera->record().id;
    if (id <= *after || !filter.Wants(camera->record())) continue;
    if (count++ == page.limit) {
      next = std::to_string(last);
      break;
    }
    WriteCamera(json, context_, *camera);
    last = id;
  }
  EndList(json, next);
  responder.Send(Response::Json(200, json.Text()));
}

std::string CameraRoutes::View(int64_t id) const {
  JsonWriter json;
  WriteCamera(json, context_, *context_.cameras.Find(id));
  return json.Text();
}

void CameraRoutes::Get(const http::RequestPtr& request, const http::Responder& responder) {
  const int64_t id = request->IntParam("id");
  if (context_.cameras.Find(id) == nullptr) {
    responder.Send(NoSuchCamera());
    return;
  }
  responder.Send(Response::Json(200, View(id)));
}

void CameraRoutes::Add(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  const auto volumes = context_.volumes.Disks();
  CameraFields fields = ReadCameraFields(*body, context_.allow_loopback_cameras, nullptr, &volumes);
  if (!fields.errors.empty()) {
    responder.Send(
        Response::Problem(422, "Some fields of the camera are not valid.", fields.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.camera_store, record = fields.record, now = context_.clock.Now()] {
        return store.Insert(record, now);
      },
      [this, responder](Result<CameraRecord> stored) {
        if (!stored) {
          responder.SendError(stored.error());
          return;
        }
        const int64_t id = stored->id;
        log::Info("api", Concat("camera ", stored->name, " was added"), {{"CAMERA", stored->name}});
        if (!context_.cameras.Add(std::move(*stored))) {
          responder.Send(Response::Problem(
              503, "The recorder is stopping. The camera is kept, and begins at the next start."));
          return;
        }
        events_.CameraChanged(id);
        responder.Send(Response::Json(201, View(id)).With("Location", Concat("/api/cameras/", id)));
      });
}

}  // namespace ronin::api
