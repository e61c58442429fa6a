// SPDX-License-Identifier: MIT
#include "api/policy_routes.h"

#include <utility>

#include "api/camera_fields.h"
#include "api/json_views.h"
#include "api/policy_fields.h"
#include "base/ask.h"
#include "base/json.h"
#include "base/text.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

constexpr const char* kBad = "The policy cannot be like this.";

/// The limits as they are stored, with what the request says.
struct Changed {
  retention::WhatIf what_if;
  std::vector<http::FieldError> errors;
};

/// On the databases' thread.
Result<Changed> Change(CameraStore& cameras, SettingStore& settings, const PolicyFields& fields) {
  Changed out;
  auto limits = retention::ReadLimits(settings);
  if (!limits) return Fail(std::move(limits.error()));
  if (auto good = fields.ApplyTo(&*limits); !good) {
    out.errors.push_back({"retention_min_days", good.error().message});
  }
  out.what_if.limits = *limits;
  for (size_t i = 0; i < fields.cameras.size(); ++i) {
    auto camera = cameras.Get(fields.cameras[i].id);
    if (!camera && camera.error().kind == ErrorKind::kNotFound) {
      out.errors.push_back({Concat("cameras[", i, "].id"), "is no camera's"});
      continue;
    }
    if (!camera) return Fail(std::move(camera.error()));
    for (const auto& [field, value] : fields.cameras[i].fields) (*camera).*field = value;
    out.what_if.cameras[camera->id] = std::move(*camera);
  }
  return out;
}

void WriteAmount(JsonWriter& json, const retention::Amount& amount) {
  json.Key("file_count").Int(amount.files).Key("size_bytes").Int(amount.size_bytes);
}

std::string PreviewView(const retention::Preview& preview) {
  JsonWriter json;
  json.Object();
  WriteAmount(json, preview.gone);
  json.Key("cameras").Array();
  for (const retention::CameraPreview& camera : preview.cameras) {
    json.Object().Key("camera_id").Int(camera.camera_id);
    WriteAmount(json, camera.gone);
    WriteTime(json, "oldest", camera.oldest);
    WriteTime(json, "newest", camera.newest);
    json.Key("keeps_days");
    if (camera.keeps_days) {
      json.Double(*camera.keeps_days);
    } else {
      json.Null();
    }
    json.Key("bitrate_bps").Int(camera.bitrate_bps).End();
  }
  json.End().Key("volumes").Array();
  for (const auto& [id, full_at] : preview.volumes_full_at) {
    json.Object().Key("id").Int(id);
    WriteTime(json, "full_at", full_at);
    json.End();
  }
  json.End();
  WriteTime(json, "full_at", preview.full_at);
  json.Key("warnings").Array();
  for (const std::string& warning : preview.warnings) json.String(warning);
  json.End().End();
  return json.Text();
}

}  // namespace

PolicyRoutes::PolicyRoutes(const ApiContext& context) : context_(context) {
  http::Router& router = context_.server.router();
  router.Add(Method::kGet, "/api/storage/policy",
             [this](const http::RequestPtr&, http::Responder responder) { Get(responder); });
  router.Add(Method::kPut, "/api/storage/policy",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Put(request, responder);
             });
  router.Add(Method::kPost, "/api/storage/policy/preview",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Preview(request, responder);
             });
  router.Add(Method::kPost, "/api/storage/enforce",
             [this](const http::RequestPtr&, http::Responder responder) {
               context_.sweeper.Run();
               responder.Send(Response::Json(202, "{\"running\":true}"));
             });
  router.Add(Method::kPost, "/api/storage/clock/confirm",
             [this](const http::RequestPtr&, http::Responder responder) {
               context_.sweeper.ConfirmClock();
               responder.Send(Response::Empty(204));
             });
}

std::string PolicyRoutes::View(const retention::Limits& limits) const {
  JsonWriter json;
  json.Object();
  for (const retention::LimitField& one : retention::LimitFields()) {
    json.Key(one.name);
    if (limits.*one.field) {
      json.Int(*(limits.*one.field));
    } else {
      json.Null();
    }
  }
  json.Key("held");
  if (const auto& held = context_.sweeper.held()) {
    json.Object().Key("since").Time(held->since).Key("sentence").String(held->sentence).End();
  } else {
    json.Null();
  }
  json.Key("last_run");
  if (const auto& run = context_.sweeper.last_run()) {
    json.Object().Key("at").Time(run->at);
    WriteAmount(json, run->deleted);
    json.End();
  } else {
    json.Null();
  }
  json.End();
  return json.Text();
}

void PolicyRoutes::Get(const http::Responder& responder) {
  Ask(
      context_.database, mailbox_,
      [&settings = context_.settings] { return retention::ReadLimits(settings); },
      [this, responder](const Result<retention::Limits>& limits) {
        if (limits) {
          responder.Send(Response::Json(200, View(*limits)));
        } else {
          responder.SendError(limits.error());
        }
      });
}

void PolicyRoutes::Put(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  PolicyFields fields = ReadPolicyFields(*body, false);
  if (!fields.errors.empty()) {
    responder.Send(Response::Problem(422, kBad, fields.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&context = context_, fields = std::move(fields),
       now = context_.clock.Now()]() -> Result<Changed> {
        auto changed = Change(context.camera_store, context.settings, fields);
        if (!changed || !changed->errors.empty()) return changed;
        auto done = retention::WriteLimits(context.settings, *changed->what_if.limits, now);
        if (!done) return Fail(std::move(done.error()));
        return changed;
      },
      [this, responder](const Result<Changed>& changed) {
        if (!changed) {
          responder.SendError(changed.error());
        } else if (!changed->errors.empty()) {
          responder.Send(Response::Problem(422, kBad, changed->errors));
        } else {
          context_.sweeper.LimitsChanged(*changed->what_if.limits);
          responder.Send(Response::Json(200, View(*changed->what_if.limits)));
        }
      });
}

void PolicyRoutes::Preview(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  PolicyFields fields = ReadPolicyFields(*body, true);
  if (!fields.errors.empty()) {
    responder.Send(Response::Problem(422, kBad, fields.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&context = context_, fields = std::move(fields)] {
        return Change(context.camera_store, context.settings, fields);
      },
      [this, responder](Result<Changed> changed) {
        if (!changed) {
          responder.SendError(changed.error());
        } else if (!changed->errors.empty()) {
          responder.Send(Response::Problem(422, kBad, changed->errors));
        } else {
          Foretell(std::move(changed->what_if), responder);
        }
      });
}

void PolicyRoutes::Foretell(retention::WhatIf what_if, const http::Responder& responder) {
  const bool asked = context_.sweeper.Foretell(
      std::move(what_if), [responder](Result<retention::Preview> preview) {
        if (preview) {
          responder.Send(Response::Json(200, PreviewView(*preview)));
        } else {
          responder.SendError(preview.error());
        }
      });
  if (asked) return;
  responder.Send(Response::Problem(503, "Others are asking for previews; try again in a moment.")
                     .With("Retry-After", "2"));
}

}  // namespace ronin::api
