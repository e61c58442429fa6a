// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "base/g_ref.h"

namespace ronin::live {

/// A GOutputStream that keeps what is written to it, and hands it over whole when it is closed or
/// dropped by its last owner. `closed` runs on the thread that does that.
GRef<GOutputStream> NewCaptureStream(std::function<void(GRef<GBytes>)> closed);

}  // namespace ronin::live
