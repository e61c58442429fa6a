// SPDX-License-Identifier: MIT
#include "api/snapshot_route.h"

#include "api/list_query.h"
#include "base/text.h"
#include "base/time_text.h"
#include "http/conditions.h"

namespace ronin::api {
namespace {

using http::Response;

constexpr int kNarrowest = 16;
constexpr int kWidest = 8192;

std::string EtagOf(WallTime taken, int width) { return Concat(ToMicros(taken), "-", width); }

/// Each use asks whether there is a newer one.
http::HeaderList HeadersOf(WallTime taken, int width) {
  return {{"ETag", Concat('"', EtagOf(taken, width), '"')},
          {"Last-Modified", FormatHttpDate(taken)},
          {"Cache-Control", "private, no-cache"}};
}

/// The width that is made for the wanted one.
int ReadWidth(const http::Request& request, std::vector<http::FieldError>* errors) {
  const auto text = request.Query("width");
  if (!text) return live::Snapshots::WidthFor(kWidest);
  const auto width = ReadNumber(*text, kNarrowest, kWidest);
  if (!width) {
    errors->push_back({"width", Concat("must be a number from ", kNarrowest, " to ", kWidest)});
  }
  return live::Snapshots::WidthFor(int(width.value_or(kWidest)));
}

}  // namespace

SnapshotRoute::SnapshotRoute(const ApiContext& context) : context_(context) {
  context_.server.router().Add(http::Method::kGet, "/api/cameras/{id:int}/snapshot.jpg",
                               [this](const http::RequestPtr& request, http::Responder responder) {
                                 Get(request, responder);
                               });
}

void SnapshotRoute::Get(const http::RequestPtr& request, const http::Responder& responder) const {
  const camera::Camera* camera = context_.cameras.Find(request->IntParam("id"));
  if (camera == nullptr) {
    responder.Send(Response::Problem(404, "There is no such camera."));
    return;
  }
  std::vector<http::FieldError> errors;
  RefuseUnknownParameters(*request, {"width", "last"}, &errors);
  const int width = ReadWidth(*request, &errors);
  const bool last_will_do = ReadFlag(*request, "last", &errors);
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  const auto newest = context_.snapshots.Newest(camera->record().id);
  const auto known = request->Header("If-None-Match");
  if (newest && known && http::EtagListed(*known, EtagOf(*newest, width))) {
    Response response = Response::Empty(304);
    response.headers = HeadersOf(*newest, width);
    responder.Send(std::move(response));
    return;
  }
  if (!newest && last_will_do) {
    const auto last = context_.snapshots.Last(camera->record().id);
    if (!last) {
      responder.Send(Response::Empty(204));
    } else {
      constexpr int kWidth = live::Snapshots::kLastWidth;
      responder.SendBytes(last->jpeg, "image/jpeg", HeadersOf(last->taken, kWidth));
    }
    return;
  }
  context_.snapshots.Request(
      *camera, width, [responder, width](Result<live::Snapshots::Snapshot> snapshot) {
        if (!snapshot) {
          responder.Send(Response::Problem(503, snapshot.error().message).With("Retry-After", "2"));
          return;
        }
        responder.SendBytes(snapshot->jpeg, "image/jpeg", HeadersOf(snapshot->taken, width));
      });
}

}  // namespace ronin::api
