// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ronin {

/// `url` with "***" in place of what may be a secret behind its host: the value of each query
/// parameter that is not known to be harmless, such as `channel=1`, and of `password=` and the like
/// in the path. Pure; any thread.
std::string MaskUrlSecrets(std::string_view url);

/// Undoes MaskUrlSecrets() in an address that came back: each "***" is replaced by what `stored`
/// has under the same name. Pure; any thread.
/// Errors: kInvalidArgument, with a sentence for the form's field, when `stored` has nothing there.
Result<std::string> FillUrlSecrets(std::string_view url, std::string_view stored);

}  // namespace ronin
