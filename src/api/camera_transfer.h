// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "api/camera_import.h"
#include "api/context.h"
#include "api/events.h"

namespace ronin::api {

/// All cameras as one file, to keep or to move: GET and POST /api/cameras/export (with the secrets,
/// sealed with a passphrase), POST /api/cameras/import. Thread: main; deriving a key takes long, so
/// it has a thread of its own.
class CameraTransfer {
 public:
  /// Adds its routes to the server. `events` outlives it.
  CameraTransfer(const ApiContext& context, Events& events);

 private:
  void Export(const http::Responder& responder);
  void ExportSealed(const http::RequestPtr& request, const http::Responder& responder);
  void Import(const http::RequestPtr& request, const http::Responder& responder);
  void Store(CameraImport import, const http::Responder& responder);
  void Stored(const ImportResult& result, const http::Responder& responder);
  std::vector<CameraRecord> Records() const;
  bool TooBusy(const http::Responder& responder) const;

  const ApiContext& context_;
  Events& events_;
  Mailbox mailbox_;
  Worker worker_{"passphrase"};
};

}  // namespace ronin::api
