// SPDX-License-Identifier: MIT
#include "config/sqlite_volume_store.h"

namespace ronin {

Result<std::vector<VolumeRecord>> SqliteVolumeStore::List() {
  auto rows = database_->Prepare("SELECT id, uuid, path FROM volume ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<VolumeRecord> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    out.push_back({rows->Int(0), rows->Text(1), rows->Text(2)});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<int64_t> SqliteVolumeStore::Seen(const std::string& uuid, const std::string& path,
                                        WallTime now) {
  const auto done = database_->Run(
      "INSERT INTO volume (uuid, path, created_us) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (uuid) DO UPDATE SET path = ?2 WHERE path <> ?2",
      uuid, path, ToMicros(now));
  if (!done) return Fail(done.error());
  auto rows = database_->Prepare("SELECT id FROM volume WHERE uuid = ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(uuid).Step();
  if (!row) return Fail(row.error());
  return rows->Int(0);
}

}  // namespace ronin
