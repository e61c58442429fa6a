// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace ronin::testing {

/// Where the last segments of a big catalog end.
inline constexpr WallTime kBigCatalogEnd{Micros(1'795'824'000'000'000)};

/// Makes the catalog database at `path`, which does not exist, with so many complete segments:
/// those of `cameras` cameras (1, 2, …), one every 15 minutes of each until kBigCatalogEnd, in the
/// order in which a recorder would have written them; 450 MB of each camera, one in a thousand left
/// out (a gap) and one in ten thousand missing. Made in SQL: some seconds for a million.
Status MakeBigCatalog(const std::string& path, int64_t segments, int64_t cameras = 64);

}  // namespace ronin::testing
