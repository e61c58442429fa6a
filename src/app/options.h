// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace ronin::app {

/// What the command line says.
struct Options {
  enum class Action { kRun, kVersion, kHelp, kCheckConfig, kPipeline, kCatalog, kKey };
  Action action = Action::kRun;
  std::optional<std::string> config_file;
  std::vector<std::string> overrides;  ///< "key=value", in order; the last one counts
  int demo_cameras = 0;                ///< 0: no demo
  std::string pipeline_target;         ///< camera id or URL
  std::string catalog_work;            ///< "check" or "rebuild"
};

/// Reads the arguments behind the program's name. Errors: kInvalidArgument with what to do.
Result<Options> ParseOptions(const std::vector<std::string>& arguments);

/// The text of --help.
std::string HelpText();

}  // namespace ronin::app
