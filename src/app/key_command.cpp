// SPDX-License-Identifier: MIT
#include "app/key_command.h"

#include <cstdio>
#include <filesystem>

#include "base/text.h"
#include "config/master_key_rotation.h"
#include "storage/folder_lock.h"

namespace ronin::app {
namespace {

Status Rotate(const std::string& folder) {
  const std::string database = folder + "/config.db";
  std::error_code ignored;
  if (!std::filesystem::exists(database, ignored)) {
    return Fail(ErrorKind::kNotFound, Concat("there is no database \"", database, "\""));
  }
  const auto lock = FolderLock::Take(folder);
  if (!lock) return Fail(lock.error());
  return RotateMasterKey(database);
}

}  // namespace

int RunKeyCommand(const Settings& settings) {
  if (const auto done = Rotate(settings.data_dir); !done) {
    std::fprintf(stderr, "ronin-nvr: %s\n", done.error().Text().c_str());
    return 2;
  }
  std::puts("the cameras' passwords are encrypted with a new master key; back it up");
  return 0;
}

}  // namespace ronin::app
