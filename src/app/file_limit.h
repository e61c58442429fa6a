// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace ronin::app {

/// How many files and sockets this process may open at once. Raises the soft limit to the hard one,
/// at most to 65536: many systems start programs with 1024, which a few dozen cameras with viewers
/// use up. Returns what is allowed now. Call once, before threads start.
uint64_t RaiseFileLimit();

/// How many more descriptors the web may take; below 0: so many are missing to what is kept free
/// for recording, 64 and 8 for each camera, but no more than a quarter of all, so that a low limit
/// still leaves some for the web. A camera that cannot open its next file loses pictures, a page
/// that is refused can be loaded again. Looks at few descriptors only: more than `kMostSpare`
/// counts as that.
int64_t SpareDescriptors(std::size_t cameras);
constexpr int64_t kMostSpare = 64;

/// Below this, a large installation can run out.
constexpr uint64_t kComfortableFileLimit = 4096;

}  // namespace ronin::app
