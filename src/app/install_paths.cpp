// SPDX-License-Identifier: MIT
#include "app/install_paths.h"

#include <filesystem>

#include "build_paths.h"

namespace ronin::app {

InstallPaths FindInstallPaths() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (!error && fs::exists(folder / "plugins" / "libgstronin.so", error)) {
    return {.plugins = folder / "plugins",
            .ui = folder / "ui" / "dist",
            .demo_cameras = folder / "src" / "demo" / "ronin-demo-cameras"};
  }
  return {.plugins = RONIN_PLUGIN_DIR, .ui = RONIN_UI_DIR, .demo_cameras = RONIN_DEMO_CAMERAS};
}

}  // namespace ronin::app
