// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "support/big_catalog.h"

namespace ronin::bench {

/// What a catalog for measuring holds: files of 15 minutes of 64 cameras, one behind the other.
inline constexpr int kBigCameras = 64;
inline constexpr std::chrono::minutes kBigSegment{15};

inline constexpr WallTime kBigEnd = testing::kBigCatalogEnd;  ///< of the last ones

/// testing::MakeBigCatalog() at `path`, unless it is there. Errors: the database's.
Status MakeBigCatalog(const std::filesystem::path& path, int64_t segments);

/// A copy of such a catalog, from a cache in RONIN_BUILD_ROOT; the copy goes away with it.
class BigCatalog {
 public:
  explicit BigCatalog(int64_t segments);  ///< throws std::runtime_error
  ~BigCatalog();
  BigCatalog(const BigCatalog&) = delete;
  BigCatalog& operator=(const BigCatalog&) = delete;

  Catalog& operator*() const { return *catalog_; }
  Catalog* operator->() const { return catalog_.get(); }
  int64_t segments() const { return segments_; }

 private:
  const int64_t segments_;
  std::filesystem::path folder_;
  std::unique_ptr<Catalog> catalog_;
};

}  // namespace ronin::bench
