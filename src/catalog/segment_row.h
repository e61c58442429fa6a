// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/segment.h"
#include "sqlite/statement.h"

namespace ronin {

/// The columns that SegmentFromRow() reads, in its order.
#define RONIN_SEGMENT_COLUMNS                                                                  \
  "id, camera_id, stream, volume_id, rel_path, start_us, end_us, size_bytes, frames, "         \
  "state, video_codec, width, height, audio_codec, audio_rate_hz, audio_channels, protected, " \
  "suspect, camera_clock_offset_us, camera_clock_drift_us, clock_epoch"

/// The segment in the row that `row` stands on. Thread-bound, with the statement.
Segment SegmentFromRow(const Statement& row);

/// All segments of a statement that is bound and selects RONIN_SEGMENT_COLUMNS.
Result<std::vector<Segment>> ReadSegments(Statement& rows);

/// The state with this name; kMissing for a name that the schema forbids.
SegmentState SegmentStateFromText(const std::string& text);

}  // namespace ronin
