// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>

namespace ronin::testing {

/// Longer than anything takes that goes right; a limit for a broken run.
constexpr std::chrono::seconds kLong{90};

/// Runs the default main context until `done` returns true, or `limit` has passed (which is a
/// limit for a broken run, never a waiting time). Returns what `done` said last.
bool PumpUntil(const std::function<bool()>& done,
               std::chrono::milliseconds limit = std::chrono::seconds(20));

}  // namespace ronin::testing
