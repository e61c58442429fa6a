// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ronin {

/// A name, group or tag as people typed it, without the space around it.
/// Errors: kInvalidArgument, as the end of a sentence that begins with the field: nothing that can
/// be seen, too long, control characters, or characters that turn the direction of writing. Pure.
/// @param max  characters, not bytes
Result<std::string> ReadLabel(std::string_view text, size_t max);

}  // namespace ronin
