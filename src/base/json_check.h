// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/result.h"

namespace ronin {

/// Whether `text` is JSON as RFC 8259 has it, in UTF-8, at most 64 levels deep, without zero bytes
/// in texts and with numbers that fit: whole ones 64 bits, others a double. json-glib takes far
/// more (comments, hexadecimal numbers, trailing commas, half surrogates), and cuts texts at a
/// zero. Errors: kInvalidArgument with the place. Pure; any thread.
Status CheckJson(std::string_view text);

}  // namespace ronin
