// SPDX-License-Identifier: MIT
#include "config/sqlite_camera_store.h"

#include <glib.h>

#include "base/g_ref.h"
#include "base/text.h"
#include "config/camera_folder.h"
#include "config/camera_tags.h"
#include "sqlite/transaction.h"

namespace ronin {
namespace {

#define RONIN_CAMERA_COLUMNS                                                                      \
  "id, uuid, name, url, sub_url, username, password, folder, transport, enabled, record, "        \
  "record_sub, record_audio, retention_days, retention_bytes, created_us, updated_us, schedule, " \
  "group_name, tags, onvif_url, tls_fingerprint, retention_min_days, sub_retention_days, "        \
  "sub_retention_bytes, volume_uuid"

/// The text in a column, opened; empty, and noted, when it cannot be.
std::string Opened(const Sealer& sealer, const char* field, const std::string& sealed,
                   CameraRecord* out) {
  auto text = sealer.Open(CredentialOf(out->uuid, field), sealed);
  if (text) return std::move(*text);
  out->unreadable.insert(field);
  return {};
}

// The database would refuse these too, but not in words for people.
Status CheckFields(const CameraRecord& camera) {
  const auto bad = [](const char* why) { return Fail(ErrorKind::kInvalidArgument, why); };
  if (!g_utf8_validate_len(camera.name.data(), camera.name.size(), nullptr) ||
      Trim(camera.name).empty() || g_utf8_strlen(camera.name.c_str(), -1) > 200) {
    return bad("name must have 1 to 200 characters");
  }
  // Sealed it must fit the column, 4096 characters.
  const auto bad_url = [&](const char* field, const std::string& url) {
    return url.size() > 3000 || (url.empty() && !camera.unreadable.contains(field));
  };
  if (bad_url("url", camera.url)) return bad("url must have 1 to 3000 characters");
  if (camera.sub_url && bad_url("sub_url", *camera.sub_url)) {
    return bad("sub_url must have 1 to 3000 characters, or be null");
  }
  if (camera.onvif_url && bad_url("onvif_url", *camera.onvif_url)) {
    return bad("onvif_url must have 1 to 3000 characters, or be null");
  }
  if (camera.record_sub && !camera.sub_url) return bad("record_sub needs a sub_url");
  if (camera.group && (camera.group->empty() || g_utf8_strlen(camera.group->c_str(), -1) > 100)) {
    return bad("group must have 1 to 100 characters, or be null");
  }
  const auto bad_days = [](const std::optional<int64_t>& days) {
    return days && (*days < 1 || *days > 36500);
  };
  if (bad_days(camera.retention_days)) {
    return bad("retention_days must be from 1 to 36500, or null");
  }
  if (bad_days(camera.retention_min_days)) {
    return bad("retention_min_days must be from 1 to 36500, or null");
  }
  if (bad_days(camera.sub_retention_days)) {
    return bad("sub_retention_days must be from 1 to 36500, or null");
  }
  if (camera.retention_bytes.value_or(1) < 1) {
    return bad("retention_bytes must be more than 0, or null");
  }
  if (camera.sub_retention_bytes.value_or(1) < 1) {
    return bad("sub_retention_bytes must be more than 0, or null");
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

CameraRecord SqliteCameraStore::FromRow(const Statement& row) const {
  CameraRecord out;
  out.id = row.Int(0);
  out.uuid = row.Text(1);
  out.name = row.Text(2);
  out.url = Opened(*sealer_, "url", row.Text(3), &out);
  if (!row.IsNull(4)) out.sub_url = Opened(*sealer_, "sub_url", row.Text(4), &out);
  out.username = Opened(*sealer_, "username", row.Text(5), &out);
  out.password = Opened(*sealer_, "password", row.Text(6), &out);
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
  out.group = row.OptionalText(18);
  out.tags = TagsFromText(row.Text(19));
  if (!row.IsNull(20)) out.onvif_url = Opened(*sealer_, "onvif_url", row.Text(20), &out);
  out.tls_fingerprint = row.OptionalText(21);
  out.retention_min_days = row.OptionalInt(22);
  out.sub_retention_days = row.OptionalInt(23);
  out.sub_retention_bytes = row.OptionalInt(24);
  out.volume_uuid = row.OptionalText(25);
  return out;
}

/// Each value sealed anew; one that could not be read and did not get another stays as it is
/// stored.
SqliteCameraStore::Sealed SqliteCameraStore::Seal(const CameraRecord& camera,
                                                  const Sealed& stored) const {
  const auto sealed = [&](const char* field, const std::string& value, const std::string& kept) {
    if (value.empty() && camera.unreadable.contains(field)) return kept;
    return sealer_->Seal(CredentialOf(stored.uuid, field), value);
  };
  Sealed out;
  out.uuid = stored.uuid;
  out.url = sealed("url", camera.url, stored.url);
  if (camera.sub_url) {
    out.sub_url = sealed("sub_url", *camera.sub_url, stored.sub_url.value_or(""));
  }
  if (camera.onvif_url) {
    out.onvif_url = sealed("onvif_url", *camera.onvif_url, stored.onvif_url.value_or(""));
  }
  out.username = sealed("username", camera.username, stored.username);
  out.password = sealed("password", camera.password, stored.password);
  return out;
}

Result<SqliteCameraStore::Sealed> SqliteCameraStore::FindSealed(int64_t id) {
  auto rows = database_->Prepare(
      "SELECT uuid, url, sub_url, onvif_url, username, password FROM camera "
      "WHERE id = ? AND removed_us IS NULL");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(id).Step();
  if (!row) return Fail(row.error());
  if (!*row) return Fail(NoSuchCamera(id));
  return Sealed{rows->Text(0),         rows->Text(1), rows->OptionalText(2),
                rows->OptionalText(3), rows->Text(4), rows->Text(5)};
}

Result<std::vector<CameraRecord>> SqliteCameraStore::List() {
  auto rows = database_->Prepare("SELECT " RONIN_CAMERA_COLUMNS
                                 " FROM camera "
                                 "WHERE removed_us IS NULL ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<CameraRecord> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) out.push_back(FromRow(*rows));
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Result<CameraRecord> SqliteCameraStore::Get(int64_t id) {
  auto rows = database_->Prepare("SELECT " RONIN_CAMERA_COLUMNS
                                 " FROM camera "
                                 "WHERE id = ? AND removed_us IS NULL");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(id).Step();
  if (!row) return Fail(row.error());
  if (!*row) return Fail(NoSuchCamera(id));
  return FromRow(*rows);
}

Status SqliteCameraStore::CheckName(const CameraRecord& camera) {
  auto rows = database_->Prepare("SELECT removed_us FROM camera WHERE name_key = ? AND id <> ?");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Bind(ComparisonKey(camera.name), camera.id).Step();
  if (!row) return Fail(row.error());
  if (!*row) return {};
  if (!rows->IsNull(0)) {
    return Fail(ErrorKind::kConflict,
                Concat("a camera named \"", camera.name,
                       "\" was removed a moment ago; restore it, or wait half a minute"));
  }
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
  c.unreadable.clear();
  if (auto good = CheckFields(c); !good) return Fail(std::move(good.error()));
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto good = CheckName(c); !good) return Fail(std::move(good.error()));
  const GCharPtr uuid(g_uuid_string_random());
  c.uuid = uuid.get();
  const auto folder = ReserveFolder(c.name, c.uuid);
  if (!folder) return Fail(folder.error());
  const Sealed sealed = Seal(c, Sealed{.uuid = c.uuid});
  const auto done = database_->Run(
      "INSERT INTO camera (uuid, name, name_key, url, sub_url, username, password, folder, "
      "transport, enabled, record, record_sub, record_audio, retention_days, retention_bytes, "
      "created_us, updated_us, schedule, group_name, tags, onvif_url, tls_fingerprint, "
      "retention_min_days, sub_retention_days, sub_retention_bytes, volume_uuid) VALUES (?1, "
      "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16, ?17, ?18, ?19, ?20, "
      "?21, ?22, ?23, ?24, ?25)",
      c.uuid, c.name, ComparisonKey(c.name), sealed.url, sealed.sub_url, sealed.username,
      sealed.password, *folder, ToString(c.transport), c.enabled, c.record, c.record_sub,
      c.record_audio, c.retention_days, c.retention_bytes, ToMicros(now), TextOf(c.schedule),
      c.group, TagsToText(c.tags), sealed.onvif_url, c.tls_fingerprint, c.retention_min_days,
      c.sub_retention_days, c.sub_retention_bytes, c.volume_uuid);
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
  const auto stored = FindSealed(c.id);
  if (!stored) return Fail(stored.error());
  const Sealed sealed = Seal(c, *stored);
  const auto done = database_->Run(
      "UPDATE camera SET name = ?2, name_key = ?3, url = ?4, sub_url = ?5, username = ?6, "
      "password = ?7, transport = ?8, enabled = ?9, record = ?10, record_sub = ?11, "
      "record_audio = ?12, retention_days = ?13, retention_bytes = ?14, updated_us = ?15, "
      "schedule = ?16, group_name = ?17, tags = ?18, onvif_url = ?19, tls_fingerprint = ?20, "
      "retention_min_days = ?21, sub_retention_days = ?22, sub_retention_bytes = ?23, "
      "volume_uuid = ?24 "
      "WHERE id = ?1 AND removed_us IS NULL",
      c.id, c.name, ComparisonKey(c.name), sealed.url, sealed.sub_url, sealed.username,
      sealed.password, ToString(c.transport), c.enabled, c.record, c.record_sub, c.record_audio,
      c.retention_days, c.retention_bytes, ToMicros(now), TextOf(c.schedule), c.group,
      TagsToText(c.tags), sealed.onvif_url, c.tls_fingerprint, c.retention_min_days,
      c.sub_retention_days, c.sub_retention_bytes, c.volume_uuid);
  if (!done) return Fail(done.error());
  if (auto committed = transaction->Commit(); !committed) return Fail(std::move(committed.error()));
  return Get(c.id);
}

Result<std::vector<CameraRecord>> SqliteCameraStore::SaveAll(
    const std::vector<CameraRecord>& cameras, WallTime now) {
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  std::vector<CameraRecord> out;
  for (const CameraRecord& camera : cameras) {
    auto saved = camera.id == 0 ? Insert(camera, now) : Update(camera, now);
    if (!saved) return Fail(std::move(saved.error()));
    out.push_back(std::move(*saved));
  }
  if (auto committed = transaction->Commit(); !committed) return Fail(std::move(committed.error()));
  return out;
}

Status SqliteCameraStore::Hide(int64_t id, bool with_footage, WallTime now) {
  const auto done = database_->Run(
      "UPDATE camera SET removed_us = ?2, remove_footage = ?3 WHERE id = ?1 AND removed_us IS NULL",
      id, ToMicros(now), with_footage);
  if (!done) return Fail(done.error());
  if (database_->changes() == 0) return Fail(NoSuchCamera(id));
  return {};
}

Result<CameraRecord> SqliteCameraStore::Restore(int64_t id) {
  const auto done = database_->Run(
      "UPDATE camera SET removed_us = NULL, remove_footage = 0 "
      "WHERE id = ? AND removed_us IS NOT NULL",
      id);
  if (!done) return Fail(done.error());
  if (database_->changes() == 0) return Fail(NoSuchCamera(id));
  return Get(id);
}

Result<std::vector<int64_t>> SqliteCameraStore::Hidden() {
  auto rows = database_->Prepare("SELECT id FROM camera WHERE removed_us IS NOT NULL ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<int64_t> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) out.push_back(rows->Int(0));
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Status SqliteCameraStore::Remove(int64_t id) {
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  auto done = database_->Run(
      "INSERT INTO doomed_footage (camera_id, camera_name) "
      "SELECT id, name FROM camera WHERE id = ? AND remove_footage = 1",
      id);
  if (done) done = database_->Run("DELETE FROM camera WHERE id = ?", id);
  if (!done) return done;
  if (database_->changes() == 0) return Fail(NoSuchCamera(id));
  return transaction->Commit();
}

Result<std::map<std::string, std::string>> SqliteCameraStore::Homes() {
  auto rows = database_->Prepare("SELECT uuid, home_uuid FROM camera WHERE home_uuid IS NOT NULL");
  if (!rows) return Fail(std::move(rows.error()));
  std::map<std::string, std::string> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) out[rows->Text(0)] = rows->Text(1);
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Status SqliteCameraStore::SetHome(const std::string& uuid, const std::string& volume_uuid) {
  return database_->Run("UPDATE camera SET home_uuid = ?2 WHERE uuid = ?1", uuid, volume_uuid);
}

Result<std::vector<DoomedFootage>> SqliteCameraStore::Doomed() {
  auto rows =
      database_->Prepare("SELECT camera_id, camera_name FROM doomed_footage ORDER BY camera_id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<DoomedFootage> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) out.push_back({rows->Int(0), rows->Text(1)});
  if (!row) return Fail(std::move(row.error()));
  return out;
}

Status SqliteCameraStore::EndDoom(int64_t camera_id) {
  return database_->Run("DELETE FROM doomed_footage WHERE camera_id = ?", camera_id);
}

}  // namespace ronin
