// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ronin::app {

/// Where the parts of the program lie: beside it in a build folder, else where they are installed.
struct InstallPaths {
  std::string plugins;       ///< folder of the GStreamer plugin
  std::string ui;            ///< folder of the built web UI
  std::string demo_cameras;  ///< program
};

InstallPaths FindInstallPaths();

}  // namespace ronin::app
