// SPDX-License-Identifier: MIT
#include <filesystem>
#include <iterator>

#include "base/log.h"
#include "base/text.h"
#include "base/time_text.h"
#include "catalog/catalog.h"
#include "catalog/sqlite_catalog.h"
#include "catalog_migrations.h"

namespace ronin {
namespace {

Result<Database> OpenMigrated(const std::string& path) {
  auto database = Database::Open(path);
  if (!database) return database;
  if (auto whole = database->QuickCheck(); !whole) return Fail(std::move(whole.error()));
  if (auto done = Migrate(*database, kCatalogMigrations); !done) {
    return Fail(std::move(done.error()));
  }
  return database;
}

// The log of a database must go with it: a new database would replay it.
Status MoveAside(const std::string& path, const std::string& to) {
  for (const char* suffix : {"-wal", "-shm", ""}) {
    std::error_code error;
    std::filesystem::rename(path + suffix, to + suffix, error);
    if (error && error != std::errc::no_such_file_or_directory) {
      return Fail(ErrorFromErrno(error.value(), Concat("cannot move ", path, suffix, " aside")));
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Catalog>> OpenCatalog(const std::string& path, const Clock& clock) {
  auto database = OpenMigrated(path);
  if (!database && database.error().kind == ErrorKind::kCorrupt) {
    const WallTime now = clock.Now();
    const std::string aside =
        Concat(path, ".corrupt-", FormatUtcDay(now), "T", FormatUtcTimeOfDay(now), "Z");
    log::Error("catalog", Concat(database.error().Text(), "; it is kept as ", aside,
                                 " and a new catalog is built from the recordings"));
    if (auto moved = MoveAside(path, aside); !moved) return Fail(std::move(moved.error()));
    database = OpenMigrated(path);
  }
  if (!database) return Fail(std::move(database.error()));
  return std::make_unique<SqliteCatalog>(std::move(*database));
}

Result<std::unique_ptr<Catalog>> ReadCatalog(const std::string& path) {
  auto database = Database::OpenReadOnly(path);
  if (!database) return Fail(std::move(database.error()));
  const auto version = SchemaVersion(*database);
  if (!version) return Fail(version.error());
  if (*version != int64_t(std::size(kCatalogMigrations))) {
    return Fail(ErrorKind::kUnsupported,
                Concat("database \"", path,
                       "\" was written by another version of RoninNVR; use the "
                       "program that the recorder was started with last"));
  }
  return std::make_unique<SqliteCatalog>(std::move(*database));
}

}  // namespace ronin
