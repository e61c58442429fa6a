// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace ronin::app {

/// How many files and sockets this process may open at once. Raises the soft limit to the hard one,
/// at most to 65536: many systems start programs with 1024, which a few dozen cameras with viewers
/// use up. Returns what is allowed now. Call once, before threads start.
uint64_t RaiseFileLimit();

/// Below this, a large installation can run out.
constexpr uint64_t kComfortableFileLimit = 4096;

}  // namespace ronin::app
