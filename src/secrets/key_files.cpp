// SPDX-License-Identifier: MIT
#include "secrets/key_files.h"

#include <cstdlib>

#include <unistd.h>

#include "base/text.h"

namespace ronin {

KeyFiles KeyFiles::In(const std::string& folder) {
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY")) {
    const std::string given = Concat(credentials, "/ronin-nvr-master-key");
    if (access(given.c_str(), F_OK) == 0) return {given, ""};
  }
  return {folder + "/master.key", folder + "/master.key.new"};
}

Result<MasterKey> KeyFiles::Read(const std::string& path) const {
  return MasterKey::Read(path, given() ? KeyReaders::kGroup : KeyReaders::kNobody);
}

}  // namespace ronin
