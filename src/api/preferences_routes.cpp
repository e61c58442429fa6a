// SPDX-License-Identifier: MIT
#include "api/preferences_routes.h"

#include <utility>

#include "api/camera_fields.h"
#include "base/ask.h"
#include "base/text.h"
#include "http/conditions.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

constexpr const char* kPath = "/api/me/preferences";

/// What came of a PUT.
struct Replaced {
  Preferences now;
  bool changed = false;
  bool refused = false;  ///< it is not what the client has seen
};

std::string EtagOf(const Preferences& preferences) { return Concat(preferences.version); }

Response With(Response response, const Preferences& preferences) {
  return std::move(response).With("ETag", Concat('"', EtagOf(preferences), '"'));
}

}  // namespace

PreferencesRoutes::PreferencesRoutes(const ApiContext& context, Events& events)
    : context_(context), events_(events) {
  http::Router& router = context_.server.router();
  router.Add(Method::kGet, kPath,
             [this](const http::RequestPtr& request, http::Responder responder) {
               Get(request, responder);
             });
  router.Add(Method::kPut, kPath,
             [this](const http::RequestPtr& request, http::Responder responder) {
               Put(request, responder);
             });
}

void PreferencesRoutes::Get(const http::RequestPtr& request, const http::Responder& responder) {
  Ask(
      context_.database, mailbox_,
      [&settings = context_.settings] { return ReadPreferences(settings); },
      [request, responder](const Result<Preferences>& stored) {
        if (!stored) return responder.SendError(stored.error());
        const auto known = request->Header("If-None-Match");
        const bool same = known && http::EtagListed(*known, EtagOf(*stored));
        responder.Send(
            With(same ? Response::Empty(304) : Response::Json(200, stored->text), *stored));
      });
}

void PreferencesRoutes::Put(const http::RequestPtr& request, const http::Responder& responder) {
  if (request->body().size() > kMostPreferences) {
    return responder.Send(
        Response::Problem(413, Concat("Preferences have at most ", kMostPreferences, " bytes.")));
  }
  if (const auto body = ObjectOf(*request); !body) {
    return responder.Send(Response::Problem(400, body.error().message));
  }
  Ask(
      context_.database, mailbox_,
      // Reading and writing in one go: nobody comes in between.
      [&settings = context_.settings, request, now = context_.clock.Now()]() -> Result<Replaced> {
        auto before = ReadPreferences(settings);
        if (!before) return Fail(std::move(before.error()));
        const auto seen = request->Header("If-Match");
        if (seen && !http::EtagListed(*seen, EtagOf(*before))) {
          return Replaced{.now = std::move(*before), .refused = true};
        }
        auto after = ReplacePreferences(settings, *before, request->body(), now);
        if (!after) return Fail(std::move(after.error()));
        const bool changed = *after != *before;
        return Replaced{.now = std::move(*after), .changed = changed};
      },
      [this, responder](const Result<Replaced>& replaced) {
        if (!replaced) return responder.SendError(replaced.error());
        if (replaced->changed) events_.PreferencesChanged(replaced->now.version);
        responder.Send(
            With(replaced->refused
                     ? Response::Problem(412,
                                         "The preferences were changed elsewhere meanwhile; read "
                                         "them again, and send yours with the ETag of that.")
                     : Response::Json(200, replaced->now.text),
                 replaced->now));
      });
}

}  // namespace ronin::api
