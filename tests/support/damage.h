// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <string>

#include "sqlite/database.h"

namespace ronin::testing {

/// Overwrites the first page of a table or an index of a database that nobody has open.
inline void Damage(const std::string& path, const std::string& name) {
  int64_t page = 0;
  {
    auto database = Database::Open(path).value();
    auto rows = database.Prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").value();
    if (rows.Bind(name).Step().value()) page = rows.Int(0);
  }
  constexpr int kPageBytes = 4096;
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp((page - 1) * kPageBytes);
  file << std::string(kPageBytes, '\xff');
}

}  // namespace ronin::testing
