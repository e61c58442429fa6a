// SPDX-License-Identifier: MIT
#include "api/ptz_routes.h"

#include <cmath>
#include <utility>

#include "api/camera_fields.h"
#include "api/onvif_views.h"
#include "onvif/encoder_change.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;
using SessionPtr = OnvifSessions::SessionPtr;
using End = onvif::Then<std::string>;

constexpr const char* kDone = "{\"ok\":true}";

/// The session, once it is known which profile turns the camera.
void WithPtz(const SessionPtr& session, const End& end, std::function<void()> then) {
  if (!session->ptz_profile.empty()) {
    then();
    return;
  }
  onvif::FetchPtzProfile(*session->device, [session, end, then = std::move(then)](
                                               onvif::Outcome<std::string> profile) {
    if (!profile) {
      end(onvif::Failed(profile.error()));
      return;
    }
    session->ptz_profile = std::move(*profile);
    then();
  });
}

onvif::Then<bool> Done(const End& end) {
  return [end](const onvif::Outcome<bool>& done) {
    if (done) {
      end(kDone);
    } else {
      end(onvif::Failed(done.error()));
    }
  };
}

/// Not every camera stops by itself, or as soon as it was told.
void StopAfter(const SessionPtr& session, std::chrono::milliseconds timeout) {
  session->stop = Source::After(timeout, [weak = std::weak_ptr(session)] {
    const SessionPtr still = weak.lock();
    if (still) {
      onvif::StopMove(*still->device, still->ptz_profile, [](const onvif::Outcome<bool>&) {});
    }
  });
}

void Obey(const SessionPtr& session, const PtzCommand& command, const End& end) {
  onvif::Device& device = *session->device;
  session->stop.Cancel();
  if (command.stop) {
    onvif::StopMove(device, session->ptz_profile, Done(end));
  } else if (command.preset) {
    onvif::GoToPreset(device, session->ptz_profile, *command.preset, Done(end));
  } else {
    StopAfter(session, command.move->timeout);
    onvif::Move(device, session->ptz_profile, *command.move, Done(end));
  }
}

void WriteChanged(JsonWriter& json, const onvif::EncoderState& before,
                  const onvif::EncoderState& after) {
  const auto differs = [](double a, double b) { return std::abs(a - b) > 0.001; };
  json.Key("changed").Array();
  if (before.codec != after.codec) json.String("codec");
  if (before.width != after.width) json.String("width");
  if (before.height != after.height) json.String("height");
  if (differs(before.fps, after.fps)) json.String("fps");
  if (differs(before.keyframe_interval_s(), after.keyframe_interval_s())) {
    json.String("keyframe_interval_s");
  }
  if (before.bitrate_kbit != after.bitrate_kbit) json.String("bitrate_bps");
  json.End();
}

/// @param change  nullptr: only the clock was set
/// @param clock   how far the clock was ahead before it was set; nothing: it was not
std::string AppliedView(const onvif::EncoderChange* change, std::optional<Micros> clock) {
  JsonWriter json;
  json.Object().Key("ok").Bool(true);
  if (change != nullptr) {
    json.Key("before").Object();
    WriteEncoderState(json, change->before);
    json.End().Key("after").Object();
    WriteEncoderState(json, change->after);
    json.End();
    WriteChanged(json, change->before, change->after);
    json.Key("notes").Array();
    for (const std::string& note : change->notes) json.String(note);
    json.End();
  } else {
    json.Key("before").Null().Key("after").Null();
    json.Key("changed").Array().End().Key("notes").Array().End();
  }
  json.Key("clock_was_ahead_s");
  if (clock) {
    json.Double(std::round(double(clock->count()) / 1e5) / 10);
  } else {
    json.Null();
  }
  return json.End().Text();
}

void ApplyEncoder(const SessionPtr& session, const std::string& url, const ApplyCommand& command,
                  std::optional<Micros> clock, const End& end) {
  if (command.wish.empty()) {
    end(AppliedView(nullptr, clock));
    return;
  }
  onvif::ChangeEncoder(*session->device, url, command.wish,
                       [end, clock](const onvif::Outcome<onvif::EncoderChange>& change) {
                         if (change) {
                           end(AppliedView(&*change, clock));
                         } else {
                           end(onvif::Failed(change.error()));
                         }
                       });
}

}  // namespace

PtzRoutes::PtzRoutes(const ApiContext& context) : context_(context), sessions_(context) {
  http::Router& router = context_.server.router();
  const auto add = [&](Method method, const char* pattern, auto member) {
    router.Add(method, pattern,
               [this, member](const http::RequestPtr& request, http::Responder responder) {
                 (this->*member)(request, responder);
               });
  };
  add(Method::kGet, "/api/cameras/{id:int}/ptz", &PtzRoutes::Presets);
  add(Method::kPost, "/api/cameras/{id:int}/ptz", &PtzRoutes::Turn);
  add(Method::kPost, "/api/cameras/{id:int}/onvif/apply", &PtzRoutes::Apply);
}

void PtzRoutes::Run(const http::RequestPtr& request, const http::Responder& responder, Work work) {
  const int64_t id = request->IntParam("id");
  const camera::Camera* camera = context_.cameras.Find(id);
  if (camera == nullptr) {
    responder.Send(Response::Problem(404, "There is no such camera."));
    return;
  }
  sessions_.Enter(camera->record(), [this, id, responder, work = std::move(work)](
                                        const onvif::Outcome<SessionPtr>& session) {
    if (!session) {
      responder.Send(FailureView(session.error()));
      return;
    }
    work(*session,
         [this, id, responder, session = *session](const onvif::Outcome<std::string>& text) {
           sessions_.Leave(id, session, text ? nullptr : &text.error());
           responder.Send(text ? Response::Json(200, *text) : FailureView(text.error()));
         });
  });
}

void PtzRoutes::Presets(const http::RequestPtr& request, const http::Responder& responder) {
  Run(request, responder, [](const SessionPtr& session, const End& end) {
    WithPtz(session, end, [session, end] {
      onvif::FetchPresets(*session->device, session->ptz_profile,
                          [end](const onvif::Outcome<std::vector<onvif::PtzPreset>>& presets) {
                            if (!presets) {
                              end(onvif::Failed(presets.error()));
                              return;
                            }
                            JsonWriter json;
                            json.Object().Key("ok").Bool(true).Key("presets").Array();
                            for (const onvif::PtzPreset& preset : *presets) {
                              json.Object().Key("token").String(preset.token);
                              json.Key("name").String(preset.name).End();
                            }
                            end(json.End().End().Text());
                          });
    });
  });
}

void PtzRoutes::Turn(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  FieldErrors errors;
  const PtzCommand command = ReadPtzCommand(*body, &errors);
  if (!errors.empty()) {
    responder.Send(Response::Problem(422, "Some fields of the request are not valid.", errors));
    return;
  }
  Run(request, responder, [command](const SessionPtr& session, const End& end) {
    WithPtz(session, end, [session, command, end] { Obey(session, command, end); });
  });
}

void PtzRoutes::Apply(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  FieldErrors errors;
  const ApplyCommand command = ReadApplyCommand(*body, &errors);
  const camera::Camera* camera = context_.cameras.Find(request->IntParam("id"));
  if (camera != nullptr && command.sub_stream && !camera->record().sub_url) {
    errors.push_back({"stream", "cannot be sub: this camera has no sub_url"});
  }
  if (!errors.empty()) {
    responder.Send(Response::Problem(422, "Some fields of the request are not valid.", errors));
    return;
  }
  std::string url;
  if (camera != nullptr) {
    url = command.sub_stream ? *camera->record().sub_url : camera->record().url;
  }
  Run(request, responder, [command, url](const SessionPtr& session, const End& end) {
    if (!command.set_clock) {
      ApplyEncoder(session, url, command, std::nullopt, end);
      return;
    }
    const Micros ahead = session->device->clock().offset;
    session->device->SetClock([session, command, url, ahead, end](const onvif::Outcome<bool>& set) {
      if (set) {
        ApplyEncoder(session, url, command, ahead, end);
      } else {
        end(onvif::Failed(set.error()));
      }
    });
  });
}

}  // namespace ronin::api
