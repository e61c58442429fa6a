// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "catalog/catalog.h"
#include "sqlite/database.h"

namespace ronin {

/// Catalog::List, on one database. Thread-bound, with the database.
Result<SegmentPage> ListSegments(Database& database, const SegmentQuery& query);

}  // namespace ronin
