// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ronin::testing {

/// Runs a shell line and returns what it writes to standard output and standard error. That its
/// status is 0 is expected.
std::string Shell(const std::string& line);

}  // namespace ronin::testing
