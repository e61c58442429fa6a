// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace ronin {

/// What this process uses of the machine. A value.
struct ProcessFigures {
  double cpu_s = 0;  ///< of all threads, since the start
  std::optional<int64_t> resident_bytes;
  std::optional<int64_t> threads;
  std::optional<int64_t> open_descriptors;
  std::optional<int64_t> most_descriptors;  ///< nothing: no limit
};

/// Reads files of the kernel, which does not block, in less than a millisecond for each thousand
/// descriptors; what the system does not tell is left out. Any thread.
ProcessFigures ReadProcessFigures();

}  // namespace ronin
