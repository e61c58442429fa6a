// SPDX-License-Identifier: MIT
#include "api/pipeline_route.h"

#include "camera/rtsp_pipeline.h"

namespace ronin::api {
namespace {

std::string PipelineView(const std::string& launch, const std::optional<std::string>& dot) {
  JsonWriter json;
  json.Object().Key("launch").String(launch).Key("dot");
  if (dot) {
    json.String(*dot);
  } else {
    json.Null();
  }
  json.End();
  return json.Text();
}

}  // namespace

PipelineRoute::PipelineRoute(const ApiContext& context)
    : context_(context), graphs_(context.pictures) {
  context_.server.router().Add(http::Method::kGet, "/api/cameras/{id:int}/pipeline",
                               [this](const http::RequestPtr& request, http::Responder responder) {
                                 Get(request, responder);
                               });
}

void PipelineRoute::Get(const http::RequestPtr& request, const http::Responder& responder) {
  const camera::Camera* camera = context_.cameras.Find(request->IntParam("id"));
  if (camera == nullptr) {
    responder.Send(http::Response::Problem(404, "There is no such camera."));
    return;
  }
  const auto answer = [responder, launch = LaunchOf(*camera)](std::optional<std::string> dot) {
    responder.Send(http::Response::Json(200, PipelineView(launch, dot)));
  };
  if (const camera::Stream* stream = camera->stream()) {
    graphs_.Draw(*stream, answer);
  } else {
    answer(std::nullopt);
  }
}

std::string PipelineRoute::LaunchOf(const camera::Camera& camera) const {
  const CameraRecord& record = camera.record();
  std::string video;
  std::string audio;
  if (const auto& facts = camera.facts()) {
    std::lock_guard lock(facts->mutex);
    video = facts->video_encoding;
    audio = facts->audio_encoding;
  }
  if (video.empty()) video = "H264";  // it has not described its stream yet
  camera::RtspSource source = camera::SourceOf(record, StreamKind::kMain);
  if (!source.username.empty()) source.username = "***";
  return camera::LaunchLine(source, video, audio, context_.files.segment_duration,
                            context_.files.fragment, "clip-%03d.mp4");
}

}  // namespace ronin::api
