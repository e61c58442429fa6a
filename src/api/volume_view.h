// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "api/context.h"
#include "base/json.h"
#include "catalog/catalog.h"

namespace ronin::api {

/// What there is of recordings on one volume.
struct VolumeContent {
  int64_t size_bytes = 0;
  int64_t file_count = 0;
};

/// Of the closed and open files that are not missing. Pure.
VolumeContent ContentOf(const std::vector<SegmentTotal>& totals, int64_t volume_id);

/// Writes a volume as the API shows it.
void WriteVolume(JsonWriter& json, const ApiContext& context, const VolumeGate& gate,
                 const std::vector<SegmentTotal>& totals);

}  // namespace ronin::api
