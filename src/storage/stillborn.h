// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ronin {

/// Whether a file was made by the recorder and holds no footage: nothing at all or only zeros (a
/// power cut before its first bytes reached the disk), or its header and not one whole fragment.
/// Never true for a file of more than 4 MiB, of another program, or that cannot be read. May block;
/// any thread.
bool IsStillborn(const std::string& path);

}  // namespace ronin
