// SPDX-License-Identifier: MIT
#include "hot/big_catalog.h"

#include <cstdlib>
#include <stdexcept>

#include "base/text.h"

namespace ronin::bench {
namespace {

namespace fs = std::filesystem;

void Need(const Status& status) {
  if (!status) throw std::runtime_error(status.error().Text());
}

}  // namespace

Status MakeBigCatalog(const fs::path& path, int64_t segments) {
  if (fs::exists(path)) {
    const auto migrated = OpenCatalog(path);  // here, so that no copy has to be
    return migrated ? Status() : Fail(migrated.error());
  }
  const fs::path part = path.string() + ".part";
  fs::create_directories(path.parent_path());
  fs::remove(part);
  if (auto done = testing::MakeBigCatalog(part, segments, kBigCameras); !done) return done;
  fs::rename(part, path);  // a whole one has this name
  return {};
}

BigCatalog::BigCatalog(int64_t segments) : segments_(segments) {
  const char* build = std::getenv("RONIN_BUILD_ROOT");
  if (build == nullptr) throw std::runtime_error("RONIN_BUILD_ROOT is not set");
  const fs::path cached = fs::path(build) / "bench-catalogs" / Concat(segments, ".db");
  Need(MakeBigCatalog(cached, segments));
  folder_ = fs::path(build) / "bench-catalogs" / Concat("copy-", segments);
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  fs::copy_file(cached, folder_ / "catalog.db");
  auto catalog = OpenCatalog(folder_ / "catalog.db");
  if (!catalog) throw std::runtime_error(catalog.error().Text());
  catalog_ = std::move(*catalog);
}

BigCatalog::~BigCatalog() {
  catalog_.reset();
  fs::remove_all(folder_);
}

}  // namespace ronin::bench
