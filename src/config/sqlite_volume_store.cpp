// SPDX-License-Identifier: MIT
#include "config/sqlite_volume_store.h"

#include "base/text.h"

namespace ronin {

Result<std::vector<VolumeRecord>> SqliteVolumeStore::List() {
  auto rows = database_->Prepare(
      "SELECT id, uuid, path, weight, role, move_after_days, added FROM volume ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<VolumeRecord> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    const VolumeUse use{.weight = int(rows->Int(3)),
                        .role = ParseVolumeRole(rows->Text(4)).value_or(VolumeRole::kRecording),
                        .move_after_days = rows->OptionalInt(5)};
    out.push_back({rows->Int(0), rows->Text(1), rows->Text(2), use, rows->Int(6) != 0});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<int64_t> SqliteVolumeStore::Seen(const std::string& uuid, const std::string& path,
                                        WallTime now) {
  const auto done = database_->Run(
      "WITH old AS (SELECT * FROM volume WHERE path = ?2 ORDER BY id DESC LIMIT 1), "
      "one AS (SELECT 1) "
      "INSERT INTO volume (uuid, path, created_us, weight, role, move_after_days, added) "
      "SELECT ?1, ?2, ?3, coalesce(weight, 1), coalesce(role, 'recording'), move_after_days, "
      "coalesce(added, 0) FROM one LEFT JOIN old ON true WHERE true "
      "ON CONFLICT (uuid) DO UPDATE SET path = ?2 WHERE path <> ?2",
      uuid, path, ToMicros(now));
  if (!done) return Fail(done.error());
  auto rows = database_->Prepare("SELECT id FROM volume WHERE uuid = ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(uuid).Step();
  if (!row) return Fail(row.error());
  return rows->Int(0);
}

Status SqliteVolumeStore::SetUse(const std::string& uuid, const VolumeUse& use) {
  auto done = database_->Run(
      "UPDATE volume SET weight = ?2, role = ?3, move_after_days = ?4 WHERE uuid = ?1", uuid,
      use.weight, ToString(use.role), use.move_after_days);
  if (done && database_->changes() == 0) {
    return Fail(ErrorKind::kNotFound, Concat("there is no volume ", uuid));
  }
  return done;
}

Status SqliteVolumeStore::SetAdded(const std::string& path, bool added) {
  return database_->Run("UPDATE volume SET added = ?2 WHERE path = ?1", path, added);
}

}  // namespace ronin
