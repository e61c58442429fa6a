// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ronin {

/// `plain` as a text that only who has the passphrase can read. Never the same twice. Takes a fifth
/// of a second and 64 MiB; any thread, but not main.
/// Errors: kUnavailable when there is no memory.
Result<std::string> SealWithPassphrase(std::string_view plain, std::string_view passphrase);

/// What SealWithPassphrase() was given; as costly.
/// Errors: kInvalidArgument when it is no such text, or was changed; or the passphrase is another
/// one, which looks the same. kUnavailable when there is no memory.
Result<std::string> OpenWithPassphrase(std::string_view sealed, std::string_view passphrase);

}  // namespace ronin
