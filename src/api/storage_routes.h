// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "api/database_figures.h"
#include "api/open_file_sizes.h"
#include "api/storage_stats.h"

namespace ronin::api {

/// /api/storage/stats and /api/storage/days: what there is, where, and how long there is room.
/// Thread: main.
class StorageRoutes {
 public:
  /// Adds its routes to the server.
  explicit StorageRoutes(const ApiContext& context);

 private:
  void Stats(const http::Responder& responder);
  void Answer(const http::Responder& responder);
  std::string StatsView(const StoredFigures& stored, const OpenFileSizes::Sizes& open) const;
  void WriteVolumes(JsonWriter& json, const StoredFigures& stored, const StorageSums& sums) const;
  void WriteCameras(JsonWriter& json, const StorageSums& sums) const;
  std::optional<double> DaysKept(const StorageSums& sums) const;
  void Days(const http::RequestPtr& request, const http::Responder& responder);

  const ApiContext& context_;
  OpenFileSizes open_files_;
  DatabaseFigures figures_;               // how much of the last day was recorded
  std::vector<http::Responder> waiting_;  // for the first of these
  Mailbox mailbox_;
};

}  // namespace ronin::api
