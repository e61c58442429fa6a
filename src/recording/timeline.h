// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "config/ledger_store.h"
#include "recording/coverage.h"

namespace ronin::recording {

/// What is asked of one stream, and what only main knows of it.
struct TimelineQuery {
  int64_t camera_id = 0;
  StreamKind stream = StreamKind::kMain;
  Span window;
  WallTime now{};
  WallTime created{};             ///< when the camera was added
  bool recording = false;         ///< its file is growing now
  std::optional<WallTime> known;  ///< up to here it was recorded; nothing: see the rows
  /// How coarse the answer is going to be: from six hours on, a day that was nearly all recorded
  /// counts as recorded, and its rows are not read: borders may be an hour off.
  Micros resolution{};
};

/// The coverage of the part of the window in which there was something to record: since the camera
/// was added, or its first footage is older; of the sub stream since its first footage; until now,
/// or while it is recorded until its newest frame. Empty when that leaves nothing.
/// Errors: of the databases. Thread: the databases'; blocks, about 1 ms for 1000 files.
Result<Coverage> ReadCoverage(Catalog& catalog, LedgerStore& ledger, const TimelineQuery& query);

}  // namespace ronin::recording
