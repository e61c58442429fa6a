// SPDX-License-Identifier: MIT
#pragma once

namespace ronin::app {

/// A crash leaves no core file: passwords of cameras are in the memory. Call once, before anything
/// secret is read. Returns whether the system allowed it.
bool ForbidCoreFiles();

}  // namespace ronin::app
