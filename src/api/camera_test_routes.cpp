// SPDX-License-Identifier: MIT
#include "api/camera_test_routes.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "api/camera_fields.h"
#include "api/json_views.h"
#include "api/list_query.h"
#include "base/text.h"
#include "camera/camera_url.h"

namespace ronin::api {
namespace {

using http::FieldError;
using http::Method;
using http::Response;

/// Which stream is meant, and what is wrong with the query.
struct TestQuery {
  bool sub = false;
  std::vector<FieldError> errors;
};

TestQuery ReadTestQuery(const http::Request& request) {
  TestQuery out;
  RefuseUnknownParameters(request, {"stream"}, &out.errors);
  const std::string stream = request.Query("stream").value_or("main");
  out.sub = stream == "sub";
  if (!out.sub && stream != "main") out.errors.push_back({"stream", "must be main or sub"});
  return out;
}

/// What is to be tested, from the body of a request; without one, the camera as it is saved.
Result<CameraFields> ReadTested(const http::Request& request, bool allow_loopback,
                                const CameraRecord* saved) {
  const CameraRecord base = saved != nullptr ? *saved : CameraRecord();
  if (saved != nullptr && request.body().empty()) return CameraFields{base, {}};
  const auto body = ObjectOf(request);
  if (!body) return Fail(body.error());
  CameraFields fields = ReadCameraFields(*body, allow_loopback, &base);
  // A camera can be tested before it has a name.
  std::erase_if(fields.errors, [](const FieldError& error) { return error.field == "name"; });
  return fields;
}

/// What keeps the stream from being tested.
void CheckAddress(const CameraRecord& record, bool sub, bool allow_loopback,
                  std::vector<FieldError>* errors) {
  const char* field = sub ? "sub_url" : "url";
  const std::string address = sub ? record.sub_url.value_or("") : record.url;
  if (address.empty()) {
    errors->push_back({field, "is missing; write it as rtsp://192.0.2.10:554/stream1"});
    return;
  }
  const auto url = camera::ParseCameraUrl(address);
  if (!url) {
    errors->push_back({field, url.error().message});
  } else if (!allow_loopback && camera::IsLoopback(url->host)) {
    errors->push_back({field, "must not be an address of the recorder itself"});
  }
}

/// The stream when it runs with exactly these settings.
const camera::Stream* Running(const camera::Camera* camera, const CameraRecord& record) {
  if (camera == nullptr || camera->status() != camera::CameraStatus::kOnline) return nullptr;
  const auto connection = [camera](const CameraRecord& r) {
    return std::tuple(r.address(camera->kind()), r.username, r.password, r.transport,
                      r.record_audio, r.tls_fingerprint);
  };
  return connection(camera->record()) == connection(record) ? camera->stream() : nullptr;
}

double SecondsOf(std::chrono::nanoseconds time) {
  return std::round(std::chrono::duration<double>(time).count() * 100) / 100;
}

void WriteVideo(JsonWriter& json, const camera::StreamReport& report) {
  const camera::FrameFigures& figures = report.figures;
  json.Key("video").Object().Key("codec").String(report.video.codec);
  json.Key("profile").String(report.video.profile);
  json.Key("width").Int(report.video.width).Key("height").Int(report.video.height);
  json.Key("fps").Double(std::round(figures.fps * 100) / 100);
  json.Key("bitrate_bps").Int(figures.bitrate_bps).Key("keyframe_interval_s");
  if (figures.keyframe_interval) {
    json.Double(SecondsOf(*figures.keyframe_interval)).Key("keyframe_interval_min_s").Null();
  } else {
    json.Null().Key("keyframe_interval_min_s").Double(SecondsOf(figures.without_keyframe));
  }
  json.End();
}

void WriteAudio(JsonWriter& json, const camera::StreamReport& report) {
  json.Key("audio");
  if (!report.audio) {
    json.Null();
    return;
  }
  json.Object().Key("codec").String(report.audio->codec);
  json.Key("sample_rate_hz").Int(report.audio->sample_rate_hz);
  json.Key("channels").Int(report.audio->channels);
  json.Key("camera_codec").String(report.audio_encoding).End();
}

/// In the words of `…/onvif/apply`, to which it can be sent.
void WriteFix(JsonWriter& json, const camera::Fix& fix) {
  if (fix == camera::Fix()) {
    json.Null();
    return;
  }
  json.Object();
  if (!fix.codec.empty()) json.Key("codec").String(fix.codec);
  if (fix.width) json.Key("width").Int(*fix.width);
  if (fix.height) json.Key("height").Int(*fix.height);
  if (fix.fps) json.Key("fps").Double(*fix.fps);
  if (fix.keyframe_interval_s) json.Key("keyframe_interval_s").Double(*fix.keyframe_interval_s);
  if (fix.bitrate_bps) json.Key("bitrate_bps").Int(*fix.bitrate_bps);
  if (fix.set_clock) json.Key("set_clock").Bool(true);
  json.End();
}

std::string Success(const camera::ProbeResult& result) {
  const camera::StreamReport& report = result.report;
  JsonWriter json;
  json.Object().Key("ok").Bool(true).Key("stream").Object();
  WriteVideo(json, report);
  WriteAudio(json, report);
  json.End().Key("time_to_first_frame_s");
  if (report.time_to_first_frame) {
    json.Double(SecondsOf(*report.time_to_first_frame));
  } else {
    json.Null();
  }
  json.Key("camera_clock_offset_us");
  if (report.clock_offset) {
    json.Int(report.clock_offset->count());
  } else {
    json.Null();
  }
  json.Key("advice").Array();
  for (const std::string& sentence : result.advice) json.String(sentence);
  json.End().Key("fix");
  WriteFix(json, result.fix);
  json.Key("snapshot");
  if (result.jpeg) {
    gsize size = 0;
    const auto* bytes = static_cast<const guchar*>(g_bytes_get_data(result.jpeg.Get(), &size));
    const GCharPtr text(g_base64_encode(bytes, size));
    json.String(Concat("data:image/jpeg;base64,", text.get()));
  } else {
    json.Null();
  }
  json.End();
  return json.Text();
}

std::string Failure(const camera::CameraError& error) {
  JsonWriter json;
  json.Object().Key("ok").Bool(false).Key("error").Object();
  json.Key("code").String(error.code).Key("message").String(error.message);
  if (error.certificate) WriteCertificate(json, *error.certificate);
  json.End().End();
  return json.Text();
}

}  // namespace

CameraTestRoutes::CameraTestRoutes(const ApiContext& context) : context_(context) {
  http::Router& router = context_.server.router();
  router.Add(Method::kPost, "/api/cameras/test",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Test(*request, nullptr, responder);
             });
  router.Add(Method::kPost, "/api/cameras/{id:int}/test",
             [this](const http::RequestPtr& request, http::Responder responder) {
               const camera::Camera* camera = context_.cameras.Find(request->IntParam("id"));
               if (camera == nullptr) {
                 responder.Send(Response::Problem(404, "There is no such camera."));
                 return;
               }
               Test(*request, camera, responder);
             });
}

void CameraTestRoutes::Test(const http::Request& request, const camera::Camera* camera,
                            const http::Responder& responder) {
  const TestQuery query = ReadTestQuery(request);
  if (!query.errors.empty()) {
    responder.Send(BadParameters(query.errors));
    return;
  }
  auto fields = ReadTested(request, context_.allow_loopback_cameras,
                           camera != nullptr ? &camera->record() : nullptr);
  if (!fields) {
    responder.Send(Response::Problem(400, fields.error().message));
    return;
  }
  if (fields->errors.empty()) {
    CheckAddress(fields->record, query.sub, context_.allow_loopback_cameras, &fields->errors);
  }
  if (!fields->errors.empty()) {
    responder.Send(
        Response::Problem(422, "Some fields of the camera are not valid.", fields->errors));
    return;
  }
  if (!fields->record.can_connect(query.sub ? StreamKind::kSub : StreamKind::kMain)) {
    responder.Send(Response::Json(
        200, Failure(camera::DamagedCredentials(fields->record, context_.clock.Now()))));
    return;
  }
  Start(fields->record, query.sub, camera, responder);
}

void CameraTestRoutes::Start(const CameraRecord& record, bool sub, const camera::Camera* camera,
                             const http::Responder& responder) {
  const StreamKind stream = sub ? StreamKind::kSub : StreamKind::kMain;
  const camera::Probe::Target target{.source = camera::SourceOf(record, stream), .sub = sub};
  if (camera != nullptr && sub) camera = context_.cameras.Find({record.id, stream});
  const auto started = context_.probes.Start(
      target, Running(camera, record), [responder](const camera::ProbeResult& result) {
        responder.Send(
            Response::Json(200, result.error ? Failure(*result.error) : Success(result)));
      });
  if (!started) {
    responder.Send(Response::Problem(429, started.error().message).With("Retry-After", "5"));
    return;
  }
  responder.OnClientGone([&probes = context_.probes, number = *started] { probes.Cancel(number); });
}

}  // namespace ronin::api
