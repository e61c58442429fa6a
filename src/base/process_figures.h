// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace ronin {

/// What this process uses of the machine. A value.
struct ProcessFigures {
  double cpu_s = 0;  ///< of all threads, since the start
  std::optional<int64_t> resident_bytes;
  std::optional<int64_t> heap_used_bytes;  ///< of malloc: given out
  std::optional<int64_t> heap_free_bytes;  ///< of malloc: taken back, and kept in between
  std::optional<int64_t> threads;
  std::optional<int64_t> open_descriptors;
  std::optional<int64_t> most_descriptors;  ///< nothing: no limit
};

/// Reads files of the kernel, which does not block, in less than a millisecond for each thousand
/// descriptors, and malloc's lists of what is free, under its locks: a millisecond for some five
/// thousand pieces. What the system does not tell is left out. Any thread.
ProcessFigures ReadProcessFigures();

}  // namespace ronin
