// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace ronin {

/// `text` with the user and password of every `scheme://user:password@` replaced by `***`, and what
/// MaskUrlSecrets() finds in all but web addresses.
/// Everything that is logged passes through it. Any thread.
std::string Redact(std::string_view text);

}  // namespace ronin
