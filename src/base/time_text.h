// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace ronin {

/// "2026-11-23T02:14:05.320Z": RFC 3339, UTC, milliseconds (rounded down), as in every answer.
std::string FormatUtc(WallTime t);

/// "2026-11-23" and "02-14-05": the folder and file name of an instant, in UTC.
std::string FormatUtcDay(WallTime t);
std::string FormatUtcTimeOfDay(WallTime t);

/// "Mon, 23 Nov 2026 02:14:05 GMT": as HTTP writes it.
std::string FormatHttpDate(WallTime t);

/// Reads RFC 3339 with any offset, or whole milliseconds since 1970.
/// Errors: kInvalidArgument with a sentence that shows the expected form.
Result<WallTime> ParseTime(std::string_view text);

}  // namespace ronin
