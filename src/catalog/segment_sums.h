// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "sqlite/database.h"

namespace ronin {

/// Catalog::Totals, on one database. Thread-bound, with the database; so are those below.
Result<std::vector<SegmentTotal>> ReadTotals(Database& database);
/// Catalog::Days
Result<std::vector<DayTotal>> ReadDays(Database& database, WallTime start, WallTime end);
/// Catalog::WholeDays
Result<std::vector<WallTime>> ReadWholeDays(Database& database, StreamId stream, WallTime start,
                                            WallTime end);
/// Catalog::Reach
Result<std::vector<StreamReach>> ReadReach(Database& database);

}  // namespace ronin
