// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "api/events.h"

namespace ronin::api {

/// /api/recordings. Thread: main.
class RecordingRoutes {
 public:
  /// Adds its routes to the server. `events` outlives it.
  RecordingRoutes(const ApiContext& context, Events& events);

 private:
  void List(const http::RequestPtr& request, const http::Responder& responder);
  void Get(const http::RequestPtr& request, const http::Responder& responder);
  void Change(const http::RequestPtr& request, const http::Responder& responder);
  void Delete(const http::RequestPtr& request, const http::Responder& responder);
  void Stream(const http::RequestPtr& request, const http::Responder& responder);
  void SendFile(const Segment& segment, const http::Responder& responder);
  /// Looks whether the file was moved since its row was read.
  void Missed(const Segment& segment, VolumeGate& gate, const Error& error,
              const http::Responder& responder);
  /// Tells a file that was removed from a storage that is away.
  void ExplainNoFile(int64_t id, VolumeGate& gate, const Error& error,
                     const http::Responder& responder);
  void AddSize(Segment* segment) const;
  std::string View(Segment segment) const;

  const ApiContext& context_;
  Events& events_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
