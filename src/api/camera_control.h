// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "api/context.h"
#include "api/events.h"

namespace ronin::api {

/// Changes of a camera that is there: PATCH and PUT /api/cameras/{id}, …/replace, and
/// …/recording/start, stop and status, …/retry. Thread: main.
class CameraControl {
 public:
  /// Adds its routes to the server. `events` outlives it.
  CameraControl(const ApiContext& context, Events& events);

 private:
  /// Changes a stored camera; what is wrong comes back. Runs on the database thread.
  using Edit = std::function<std::vector<http::FieldError>(CameraRecord&)>;
  /// What is answered once it is done.
  using View = std::function<std::string(const camera::Camera&)>;

  std::string CameraView(const camera::Camera& camera) const;
  /// @param why  the detail of the gap, if it makes one
  void Change(int64_t id, const char* why, Edit edit, View view, const http::Responder& responder);
  void ReplaceDevice(const http::RequestPtr& request, const http::Responder& responder);
  void Replace(const http::RequestPtr& request, const http::Responder& responder);
  void SetRecording(const http::RequestPtr& request, const http::Responder& responder, bool record);
  void Retry(const http::RequestPtr& request, const http::Responder& responder);
  void Status(const http::RequestPtr& request, const http::Responder& responder);
  std::string StatusView(const camera::Camera& camera) const;
  void WriteStatus(JsonWriter& json, const camera::Camera& stream) const;

  const ApiContext& context_;
  Events& events_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
