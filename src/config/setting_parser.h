// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <glib.h>

#include "base/result.h"
#include "config/settings.h"

namespace ronin {

/// Reads the value of `info.key` from the file into its field of `out`. The key must be there.
/// Errors: kInvalidArgument with a sentence that begins with the key and says what it must be.
Status ReadSetting(GKeyFile* file, const char* group, const SettingInfo& info, Settings& out);

/// The known key that `key` is probably meant to be, or empty.
std::string_view NearestKey(std::string_view key);

}  // namespace ronin
