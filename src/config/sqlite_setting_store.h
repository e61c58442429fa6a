// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "config/setting_store.h"
#include "sqlite/database.h"

namespace ronin {

/// SettingStore in SQLite; thread-bound.
class SqliteSettingStore final : public SettingStore {
 public:
  /// @param database  migrated; shared because SqliteCameraStore uses the same one connection
  explicit SqliteSettingStore(std::shared_ptr<Database> database)
      : database_(std::move(database)) {}

  Result<std::optional<std::string>> Get(std::string_view key) override;
  Status Set(std::string_view key, std::string_view value, WallTime now) override;

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace ronin
