// SPDX-License-Identifier: MIT
#include <algorithm>
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
  const auto version = SchemaVersion(*database);
  if (!version) return Fail(version.error());
  // Another schema is made out of all rows, so all of them are read once more than that.
  if (*version > 0 && *version < int64_t(std::size(kCatalogMigrations))) {
    if (auto whole = database->QuickCheck(); !whole) return Fail(std::move(whole.error()));
  }
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

/// A new one in the place of the damaged one, which nobody has open.
Result<Database> OpenAnew(const std::string& path, const Error& damage, WallTime now) {
  const std::string aside =
      Concat(path, ".corrupt-", FormatUtcDay(now), "T", FormatUtcTimeOfDay(now), "Z");
  log::Error("catalog", Concat(damage.Text(), "; it is kept as ", aside,
                               " and a new catalog is built from the recordings"));
  if (auto moved = MoveAside(path, aside); !moved) return Fail(std::move(moved.error()));
  return OpenMigrated(path);
}

/// Reads what everything begins with; a few pages, however many rows there are.
Status LookAt(Catalog& catalog) {
  if (const auto read = catalog.Volumes(); !read) return Fail(read.error());
  if (const auto read = catalog.Totals(); !read) return Fail(read.error());
  if (const auto read = catalog.NewestStart(); !read) return Fail(read.error());
  return {};
}

Result<std::unique_ptr<Catalog>> OpenAsItIs(const std::string& path) {
  auto database = OpenMigrated(path);
  if (!database) return Fail(std::move(database.error()));
  auto catalog = std::make_unique<SqliteCatalog>(std::move(*database));
  if (auto done = LookAt(*catalog); !done) {
    Error error = done.error().In(Concat("database \"", path, "\""));
    // A table that its schema's version promises is not there.
    if (error.kind == ErrorKind::kInternal) error.kind = ErrorKind::kCorrupt;
    return Fail(std::move(error));
  }
  return catalog;
}

}  // namespace

Result<std::unique_ptr<Catalog>> OpenCatalog(const std::string& path, const Clock& clock) {
  auto catalog = OpenAsItIs(path);
  if (catalog || catalog.error().kind != ErrorKind::kCorrupt) return catalog;
  auto fresh = OpenAnew(path, catalog.error(), clock.Now());
  if (!fresh) return Fail(std::move(fresh.error()));
  return std::make_unique<SqliteCatalog>(std::move(*fresh));
}

Status SqliteCatalog::BeginAnew(const Error& damage, WallTime now) {
  const auto volumes = Volumes();
  // Milliseconds since 1970 are more than all ids when these cannot be read, and exact in JSON.
  least_id_ = std::max({least_id_, NextId(), ToMicros(now) / 1000});
  const std::string path = database_.path();
  database_.Close();  // it would remove the new one's log
  auto fresh = OpenAnew(path, damage, now);
  if (!fresh) return Fail(std::move(fresh.error()));
  database_ = std::move(*fresh);
  for (const CatalogVolume& volume : volumes.value_or(std::vector<CatalogVolume>())) {
    auto done =
        database_.Run("INSERT INTO volume (id, path, uuid) VALUES (?, ?, ?)", volume.id,
                      volume.path, volume.uuid.empty() ? std::nullopt : std::optional(volume.uuid));
    if (!done) log::Warning("catalog", Concat("a volume gets another id: ", done.error().Text()));
  }
  return {};
}

/// 1 when that cannot be read.
int64_t SqliteCatalog::NextId() {
  auto rows = database_.Prepare("SELECT max(id) + 1 FROM segment");
  if (!rows) return 1;
  const auto row = rows->Step();
  return row && *row ? rows->OptionalInt(0).value_or(1) : 1;
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
