// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "api/context.h"
#include "api/volume_fields.h"
#include "base/source.h"

namespace ronin::api {

/// /api/storage/volumes: the folders that are recorded to. Those of the configuration can be
/// changed and not removed. Thread: main.
class VolumeRoutes {
 public:
  /// Adds its routes to the server.
  explicit VolumeRoutes(const ApiContext& context);

 private:
  struct Newcomer;
  using Totals = std::vector<SegmentTotal>;

  void List(const http::RequestPtr& request, const http::Responder& responder);
  void Add(const http::RequestPtr& request, const http::Responder& responder);
  void Checked(const std::shared_ptr<Newcomer>& added, const Status& there);
  void Looked(const std::shared_ptr<Newcomer>& added);
  void Store(const std::shared_ptr<Newcomer>& added);
  void Change(const http::RequestPtr& request, const http::Responder& responder);
  void Remove(const http::RequestPtr& request, const http::Responder& responder);
  void Removed(VolumeGate& gate, int64_t id, const Totals& totals,
               const http::Responder& responder);
  /// One that is used; nullptr: there is none.
  VolumeGate* Find(int64_t id) const;
  /// Answers with it as it is now.
  void Show(const VolumeGate& gate, int status, const http::Responder& responder);

  const ApiContext& context_;
  Worker look_{"volume-look"};  // at folders that may become volumes
  Mailbox mailbox_;
};

}  // namespace ronin::api
