// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "base/result.h"
#include "config/settings.h"
#include "restream/restream.h"

namespace ronin::app {

/// The restream as the settings want it; nothing when it is off. It does not listen yet.
/// Errors: kInvalidArgument.
Result<std::unique_ptr<restream::Restream>> MakeRestream(const Settings& settings,
                                                         const Clock& clock,
                                                         restream::Restream::FindCamera find);

}  // namespace ronin::app
