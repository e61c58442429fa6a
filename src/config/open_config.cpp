// SPDX-License-Identifier: MIT
#include <iterator>

#include "base/text.h"
#include "config/camera_store.h"
#include "config/credentials.h"
#include "config/master_key_rotation.h"
#include "config/setting_store.h"
#include "config/sqlite_camera_store.h"
#include "config/sqlite_ledger_store.h"
#include "config/sqlite_protection_store.h"
#include "config/sqlite_setting_store.h"
#include "config/sqlite_volume_store.h"
#include "config_migrations.h"

namespace ronin {
namespace {

Result<Database> OpenMigrated(const std::string& path) {
  auto database = Database::Open(path);
  if (!database) return database;
  if (auto whole = database->QuickCheck(); !whole) return Fail(std::move(whole.error()));
  if (auto done = Migrate(*database, kConfigMigrations); !done) {
    return Fail(std::move(done.error()));
  }
  return database;
}

/// The key lies beside the database unless it is given from outside.
KeyFiles KeyFilesFor(const std::string& path) {
  const size_t slash = path.rfind('/');
  return KeyFiles::In(slash == std::string::npos ? "." : path.substr(0, slash));
}

ConfigStores StoresOn(Database database, SealerPtr sealer) {
  // Shared: one connection is behind all of them, and the last one closes it.
  auto shared = std::make_shared<Database>(std::move(database));
  return ConfigStores{
      std::make_unique<SqliteCameraStore>(shared, std::move(sealer)),
      std::make_unique<SqliteSettingStore>(shared), std::make_unique<SqliteVolumeStore>(shared),
      std::make_unique<SqliteLedgerStore>(shared), std::make_unique<SqliteProtectionStore>(shared)};
}

}  // namespace

Result<ConfigStores> OpenConfigStores(const std::string& path) {
  auto database = OpenMigrated(path);
  if (!database && database.error().kind == ErrorKind::kCorrupt) {
    return Fail(database.error().In("restore the configuration from a backup"));
  }
  if (!database) return Fail(std::move(database.error()));
  auto sealer = UnlockCredentials(*database, KeyFilesFor(path));
  if (!sealer) return Fail(std::move(sealer.error()));
  return StoresOn(std::move(*database), std::move(*sealer));
}

Result<std::unique_ptr<CameraStore>> OpenCameraStore(const std::string& path) {
  auto stores = OpenConfigStores(path);
  if (!stores) return Fail(std::move(stores.error()));
  return std::move(stores->cameras);
}

Result<ConfigStores> ReadConfigStores(const std::string& path) {
  auto database = Database::OpenReadOnly(path);
  if (!database) return Fail(std::move(database.error()));
  const auto version = SchemaVersion(*database);
  if (!version) return Fail(version.error());
  constexpr auto kNewest = int64_t(std::size(kConfigMigrations));
  if (*version != kNewest) {
    return Fail(ErrorKind::kUnsupported,
                Concat("database \"", path, "\" was written by ",
                       *version > kNewest ? "a newer" : "an older", " version of RoninNVR (schema ",
                       *version, ", this program reads ", kNewest,
                       "); use the program that the recorder was started with last"));
  }
  auto sealer = FindSealer(*database, KeyFilesFor(path));
  if (!sealer) return Fail(std::move(sealer.error()));
  return StoresOn(std::move(*database), std::move(*sealer));
}

Status RotateMasterKey(const std::string& path) {
  auto database = OpenMigrated(path);
  if (!database) return Fail(std::move(database.error()));
  return RotateCredentialKey(*database, KeyFilesFor(path));
}

Result<CameraRecord> ReadCamera(const std::string& path, int64_t id) {
  const auto stores = ReadConfigStores(path);
  if (!stores) return Fail(stores.error());
  return stores->cameras->Get(id);
}

}  // namespace ronin
