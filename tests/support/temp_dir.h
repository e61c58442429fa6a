// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace ronin::testing {

/// A new empty folder that is removed with all its content in the destructor.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace ronin::testing
