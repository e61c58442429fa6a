// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.h"
#include "config/settings.h"

namespace ronin::app {

/// `ronin-nvr catalog check`: prints what differs between the catalog and the disks, changes
/// nothing, and may run beside a recorder. Exit code 0: nothing differs; 1: something; 2: it cannot
/// be told.
///
/// `ronin-nvr catalog rebuild`: makes a new catalog from the files of all storage folders, which
/// takes the place of the old one when it is complete; refuses while a recorder runs. Exit code 0:
/// done; 2: not, and the old catalog is as it was.
///
/// Blocks.
int RunCatalogCommand(const Options& options, const Settings& settings);

}  // namespace ronin::app
