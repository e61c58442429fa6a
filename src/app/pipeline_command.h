// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.h"
#include "config/settings.h"

namespace ronin::app {

/// `ronin-nvr pipeline CAMERA_ID|URL`: connects for up to five seconds to see what the camera
/// sends, then prints the line for gst-launch-1.0. Reads the camera from the database without
/// changing it, so the daemon may run. Returns the exit code. Runs a main loop of its own.
int RunPipelineCommand(const Options& options, const Settings& settings);

}  // namespace ronin::app
