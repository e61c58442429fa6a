// SPDX-License-Identifier: MIT
#include "config/sqlite_setting_store.h"

namespace ronin {

Result<std::optional<std::string>> SqliteSettingStore::Get(std::string_view key) {
  auto rows = database_->Prepare("SELECT value FROM setting WHERE key = ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(key).Step();
  if (!row) return Fail(row.error());
  if (!*row) return std::nullopt;
  return rows->Text(0);
}

Status SqliteSettingStore::Set(std::string_view key, std::string_view value, WallTime now) {
  return database_->Run(
      "INSERT INTO setting (key, value, updated_us) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (key) DO UPDATE SET value = ?2, updated_us = ?3",
      key, value, ToMicros(now));
}

}  // namespace ronin
