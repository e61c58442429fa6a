// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"

namespace ronin::app {

/// Something in which the catalog and a disk do not agree.
struct Difference {
  std::string what;  ///< "no row", "missing", …
  std::string path;  ///< absolute
  bool operator==(const Difference&) const = default;
};

/// Compares the catalog with the disks, and changes neither. Blocks; one thread.
class CatalogCheck {
 public:
  /// @param catalog    outlives this
  /// @param recording  a recorder runs, so files may be open
  CatalogCheck(Catalog& catalog, bool recording) : catalog_(catalog), recording_(recording) {}

  /// Only files in these folders are the recorder's.
  void AddCameraFolder(const std::string& folder) { folders_.insert(folder); }

  /// Looks at one storage folder. Errors: what the disk or the database brings.
  Status Compare(const std::string& root);

  const std::vector<Difference>& differences() const { return differences_; }

 private:
  Status CompareRows(int64_t volume_id, const std::string& root);
  Status CompareFiles(int64_t volume_id, const std::string& root);
  Status CompareFolder(int64_t volume_id, const std::string& root, const std::string& day);

  Catalog& catalog_;
  const bool recording_;
  std::set<std::string> folders_;
  std::vector<Difference> differences_;
};

}  // namespace ronin::app
