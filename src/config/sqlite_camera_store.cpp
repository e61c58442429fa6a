// SPDX-License-Identifier: MIT
#include "config/sqlite_camera_store.h"

#include <glib.h>

#include "base/g_ref.h"
#include "base/text.h"
#include "config/camera_folder.h"
#include "sqlite/transaction.h"

namespace ronin {
namespace {

#define RONIN_CAMERA_COLUMNS                                                                      \
  "id, uuid, name, url, sub_url, username, password, folder, transport, enabled, record, "        \
  "record_sub, record_audio, retention_days, retention_bytes, created_us, updated_us, schedule, " \
  "onvif_url"

CameraRecord FromRow(const Statement& row) {
  CameraRecord out;
  out.id = row.Int(0);
  out.uuid = row.Text(1);
  out.name = row.Text(2);
  out.url = row.Text(3);
  out.sub_url = row.OptionalText(4);
  out.username = row.Text(5);
  out.password = row.Text(6);
  out.folder = row.Text(7);
  out.transport = ParseTransport(row.Text(8)).value_or(Transport::kAuto);
  out.enabled = row.Int(9) != 0;
  out.record = row.Int(10) != 0;
  out.record_sub = row.Int(11) != 0;
  out.record_audio = row.Int(12) != 0;
  out.retention_days = row.OptionalInt(13);
  out.retention_bytes = row.OptionalInt(14);
  out.created = FromMicros(row.Int(15));
  out.updated = FromMicros(row.Int(16));
  if (const auto text = row.OptionalText(17)) {
    // One that cannot be read must not stop the recording.
    if (auto schedule = Schedule::FromText(*text)) out.schedule = std::move(*schedule);
  }
  out.onvif_url = row.OptionalText(18);
  return out;
}

// The database would refuse these too, but not in words for people.
Status CheckFields(const CameraRecord& camera) {
  const auto bad = [](const char* why) { return Fail(ErrorKind::kInvalidArgument, why); };
  if (!g_utf8_validate_len(camera.name.data(), camera.name.size(), nullptr) ||
      Trim(camera.name).empty() || g_utf8_strlen(camera.name.c_str(), -1) > 200) {
    return bad("name must have 1 to 200 characters");
  }
  const auto bad_url = [](const std::string& url) { return url.empty() || url.size() > 4096; };
  if (bad_url(camera.url)) return bad("url must have 1 to 4096 characters");
  if (camera.sub_url && bad_url(*camera.sub_url)) {
    return bad("sub_url must have 1 to 4096 characters, or be null");
  }
  if (camera.onvif_url && bad_url(*camera.onvif_url)) {
    return bad("onvif_url must have 1 to 4096 characters, or be null");
  }
  if (camera.record_sub && !camera.sub_url) return bad("record_sub needs a sub_url");
  if (camera.retention_days && (*camera.retention_days < 1 || *camera.retention_days > 36500)) {
    return bad("retention_days must be from 1 to 36500, or null");
  }
  if (camera.retention_bytes && *camera.retention_bytes < 1) {
    return bad("retention_bytes must be more than 0, or null");
  }
  return {};
}

std::optional<std::string> TextOf(const std::optional<Schedule>& schedule) {
  return schedule ? std::optional(schedule->ToText()) : std::nullopt;
}

Error NoSuchCamera(int64_t id) {
  return Error{ErrorKind::kNotFound, Concat("there is no camera ", id)};
}

}  // namespace

Result<std::vector<CameraRecord>> SqliteCameraStore::List() {
  auto rows = database_->Prepare("SELECT " RONIN_CAMERA_COLUMNS " FROM camera ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<CameraRecord> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) out.push_back(FromRow(*rows));
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<CameraRecord> SqliteCameraStore::Get(int64_t id) {
  auto rows = database_->Prepare("SELECT " RONIN_CAMERA_COLUMNS " FROM camera WHERE id = ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(id).Step();
  if (!row) return Fail(row.error());
  if (!*row) return Fail(NoSuchCamera(id));
  return FromRow(*rows);
}

Status SqliteCameraStore::CheckName(const CameraRecord& camera) {
  auto rows = database_->Prepare("SELECT 1 FROM camera WHERE name_key = ? AND id <> ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(ComparisonKey(camera.name), camera.id).Step();
  if (!row) return Fail(row.error());
  if (!*row) return {};
  return Fail(ErrorKind::kConflict,
              Concat("a camera named \"", camera.name, "\" exists already; choose another name"));
}

Result<std::string> SqliteCameraStore::ReserveFolder(const std::string& name,
                                                     const std::string& uuid) {
  auto rows = database_->Prepare("SELECT 1 FROM camera_folder WHERE folder_key = ?");
  if (!rows) return Fail(std::move(rows.error()));
  Status searched;
  std::string folder = UniqueFolder(name, [&](const std::string& wanted) {
    const auto row = rows->Bind(ComparisonKey(wanted)).Step();
    if (!row) searched = Fail(row.error());
    return row && *row;
  });
  if (!searched) return Fail(std::move(searched.error()));
  const auto done =
      database_->Run("INSERT INTO camera_folder (folder, folder_key, camera_uuid) VALUES (?, ?, ?)",
                     folder, ComparisonKey(folder), uuid);
  if (!done) return Fail(done.error());
  return folder;
}

Result<CameraRecord> SqliteCameraStore::Insert(const CameraRecord& camera, WallTime now) {
  CameraRecord c = camera;
  c.id = 0;
  if (auto good = CheckFields(c); !good) return Fail(std::move(good.error()));
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto good = CheckName(c); !good) return Fail(std::move(good.error()));
  const GCharPtr uuid(g_uuid_string_random());
  c.uuid = uuid.get();
  const auto folder = ReserveFolder(c.name, c.uuid);
  if (!folder) return Fail(folder.error());
  const auto done = database_->Run(
      "INSERT INTO camera (uuid, name, name_key, url, sub_url, username, password, folder, "
      "transport, enabled, record, record_sub, record_audio, retention_days, retention_bytes, "
      "created_us, updated_us, schedule, onvif_url) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
      "?10, ?11, "
      "?12, ?13, ?14, ?15, ?16, ?16, ?17, ?18)",
      c.uuid, c.name, ComparisonKey(c.name), c.url, c.sub_url, c.username, c.password, *folder,
      ToString(c.transport), c.enabled, c.record, c.record_sub, c.record_audio, c.retention_days,
      c.retention_bytes, ToMicros(now), TextOf(c.schedule), c.onvif_url);
  if (!done) return Fail(done.error());
  const int64_t id = database_->last_insert_id();
  if (auto committed = transaction->Commit(); !committed) return Fail(std::move(committed.error()));
  return Get(id);
}

Result<CameraRecord> SqliteCameraStore::Update(const CameraRecord& c, WallTime now) {
  if (auto good = CheckFields(c); !good) return Fail(std::move(good.error()));
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto good = CheckName(c); !good) return Fail(std::move(good.error()));
  const auto done = database_->Run(
      "UPDATE camera SET name = ?2, name_key = ?3, url = ?4, sub_url = ?5, username = ?6, "
      "password = ?7, transport = ?8, enabled = ?9, record = ?10, record_sub = ?11, "
      "record_audio = ?12, retention_days = ?13, retention_bytes = ?14, updated_us = ?15, "
      "schedule = ?16, onvif_url = ?17 "
      "WHERE id = ?1",
      c.id, c.name, ComparisonKey(c.name), c.url, c.sub_url, c.username, c.password,
      ToString(c.transport), c.enabled, c.record, c.record_sub, c.record_audio, c.retention_days,
      c.retention_bytes, ToMicros(now), TextOf(c.schedule), c.onvif_url);
  if (!done) return Fail(done.error());
  if (database_->changes() == 0) return Fail(NoSuchCamera(c.id));
  if (auto committed = transaction->Commit(); !committed) return Fail(std::move(committed.error()));
  return Get(c.id);
}

Status SqliteCameraStore::Remove(int64_t id) {
  if (auto done = database_->Run("DELETE FROM camera WHERE id = ?", id); !done) return done;
  if (database_->changes() == 0) return Fail(NoSuchCamera(id));
  return {};
}

}  // namespace ronin
