// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "demo/synthetic_camera.h"

namespace ronin::demo {

/// Does what a line says to one of `cameras`, which are counted from 1:
///
///   stall N, resume N, close N           drop N FRAMES          jump N MILLISECONDS
///   refuse N 401|404|453|503|port        allow N                audio N on|off
///   sent N                               answers "sent N FIRST LAST LAST_UTC_NS" (-1: none)
///
/// Returns the line to print; empty when there is none. Errors: kInvalidArgument.
Result<std::string> RunCommand(std::string_view line, const std::vector<SyntheticCamera*>& cameras);

}  // namespace ronin::demo
