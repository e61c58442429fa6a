// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "recording/file_owners.h"

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
  /// @param owners     only files of these cameras, in their folders, are the recorder's
  /// @param recording  a recorder runs, so files may be open
  CatalogCheck(Catalog& catalog, recording::FileOwners owners, bool recording)
      : catalog_(catalog), owners_(std::move(owners)), recording_(recording) {}

  /// Looks at one storage folder. Errors: what the disk or the database brings.
  Status Compare(const std::string& root);

  const std::vector<Difference>& differences() const { return differences_; }

 private:
  Status CompareRows(int64_t volume_id, const std::string& root);
  Status CompareFiles(int64_t volume_id, const std::string& root);
  Status CompareFolder(int64_t volume_id, const std::string& root, const std::string& day);

  Catalog& catalog_;
  const recording::FileOwners owners_;
  const bool recording_;
  std::vector<Difference> differences_;
};

}  // namespace ronin::app
