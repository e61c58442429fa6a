// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

namespace ronin::app {

/// `ronin-nvr key rotate`: encrypts the cameras' credentials with a new master key; refuses while a
/// recorder runs. Exit code 0: done; 2: not, and the old key fits as before. Blocks.
int RunKeyCommand(const Settings& settings);

}  // namespace ronin::app
