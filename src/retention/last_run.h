// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "retention/planner.h"

namespace ronin::retention {

/// What was deleted last. A value.
struct LastRun {
  WallTime at{};  ///< when it ended
  Amount deleted;
};

/// As it is stored.
std::string TextOf(const LastRun& run);
/// What TextOf() wrote; nothing: it is something else.
std::optional<LastRun> LastRunFrom(const std::string& text);

}  // namespace ronin::retention
