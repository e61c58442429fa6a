// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

namespace ronin {

/// How much is kept free on a volume of that size when nobody has said how much: 2 % of it, at
/// least 2 GiB, at most a tenth of it.
inline uint64_t FreeReserve(uint64_t total_bytes) {
  return std::min(std::max(total_bytes / 50, uint64_t(2) << 30), total_bytes / 10);
}

}  // namespace ronin
