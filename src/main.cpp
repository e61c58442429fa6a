// SPDX-License-Identifier: MIT
// The program: reads its arguments, runs the daemon, gives its exit code.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "app/catalog_command.h"
#include "app/core_limit.h"
#include "app/daemon.h"
#include "app/file_limit.h"
#include "app/heap_limit.h"
#include "app/install_paths.h"
#include "app/key_command.h"
#include "app/options.h"
#include "app/pipeline_command.h"
#include "base/g_ref.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "gst/known_complaints.h"
#include "version.h"

namespace {

int Complain(const ronin::Error& error) {
  std::fprintf(stderr, "ronin-nvr: %s\n", error.Text().c_str());
  return 2;
}

/// Everybody on the machine sees a program's arguments, and an address may hold a password.
void HideAddresses(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strstr(argv[i], "://") != nullptr) std::fill_n(argv[i], std::strlen(argv[i]), '*');
  }
}

void AllowManyFiles() {
  const uint64_t allowed = ronin::app::RaiseFileLimit();
  if (allowed >= ronin::app::kComfortableFileLimit) return;
  ronin::log::Warning(
      "app", ronin::Concat("only ", allowed,
                           " files and connections can be open at once, which many cameras and "
                           "viewers can use up; raise the limit (ulimit -Hn, or LimitNOFILE= of "
                           "the service)"));
}

int Run(const ronin::app::Options& options, const ronin::Settings& settings) {
  auto daemon = ronin::app::Daemon::Create(options, settings);
  if (!daemon) return Complain(daemon.error());
  const auto loop = ronin::Adopt(g_main_loop_new(nullptr, FALSE));
  auto started = (*daemon)->Start([&] { g_main_loop_quit(loop.Get()); });
  if (!started) return Complain(started.error());
  g_main_loop_run(loop.Get());
  return (*daemon)->Close();
}

}  // namespace

int main(int argc, char** argv) {
  using Action = ronin::app::Options::Action;
  ronin::app::LeaveSmallThingsToMalloc(argv);
  const auto options = ronin::app::ParseOptions({argv + 1, argv + argc});
  if (!options) return Complain(options.error());
  HideAddresses(argc, argv);
  if (options->action == Action::kHelp)
    return std::fputs(ronin::app::HelpText().c_str(), stdout) < 0;
  if (options->action == Action::kVersion) return std::puts("ronin-nvr " RONIN_VERSION) < 0;
  const auto settings = ronin::Settings::Load(options->config_file, options->overrides);
  if (!settings) return Complain(settings.error());
  if (options->action == Action::kCheckConfig) return std::puts("the configuration is valid") < 0;
  ronin::app::KeepHeapsFew();
  ronin::app::GiveFreeMemoryBack();
  ronin::log::Install(settings->log_level);
  if (!ronin::app::ForbidCoreFiles()) {
    ronin::log::Warning("app",
                        "core files cannot be forbidden; after a crash one may hold passwords");
  }
  ronin::log::Tolerate(ronin::gst::kEndedWhileConnecting);
  if (options->action == Action::kCatalog)
    return ronin::app::RunCatalogCommand(*options, *settings);
  if (options->action == Action::kKey) return ronin::app::RunKeyCommand(*settings);
  AllowManyFiles();
  ronin::SetMainThread();
  gst_init(nullptr, nullptr);
  gst_registry_scan_path(gst_registry_get(), ronin::app::FindInstallPaths().plugins.c_str());
  if (options->action == Action::kPipeline)
    return ronin::app::RunPipelineCommand(*options, *settings);
  return Run(*options, *settings);
}
