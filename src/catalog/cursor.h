// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace ronin {

/// The place of a segment in the order of Catalog::List, as a text that clients hand back and do
/// not read. A value; any thread.
struct Cursor {
  WallTime start{};
  int64_t id = 0;

  std::string ToString() const;
  /// Errors: kInvalidArgument for everything that ToString() cannot have made.
  static Result<Cursor> Parse(std::string_view text);
};

}  // namespace ronin
