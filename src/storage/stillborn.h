// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ronin {

/// Whether a file that is named like a recording holds none: nothing at all or only zeros (a power
/// cut before its first bytes reached the disk), or the recorder's header and not one whole
/// fragment. Never true for a file of more than 4 MiB, or that cannot be read. May block; any
/// thread.
bool IsStillborn(const std::string& path);

}  // namespace ronin
