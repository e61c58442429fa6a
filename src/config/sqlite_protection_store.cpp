// SPDX-License-Identifier: MIT
#include "config/sqlite_protection_store.h"

#include "sqlite/transaction.h"

namespace ronin {

Status SqliteProtectionStore::Add(const std::vector<RecordingKey>& keys) {
  auto transaction = Transaction::Begin(*database_);
  if (!transaction) return Fail(std::move(transaction.error()));
  for (const RecordingKey& key : keys) {
    auto done = database_->Run(
        "INSERT INTO protected_recording (camera_id, stream, start_us) VALUES (?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        key.stream.camera_id, ToString(key.stream.kind), ToMicros(key.start));
    if (!done) return done;
  }
  return transaction->Commit();
}

Status SqliteProtectionStore::Remove(const RecordingKey& key) {
  return database_->Run(
      "DELETE FROM protected_recording WHERE camera_id = ? AND stream = ? AND start_us = ?",
      key.stream.camera_id, ToString(key.stream.kind), ToMicros(key.start));
}

Result<bool> SqliteProtectionStore::Has(const RecordingKey& key) {
  auto rows = database_->Prepare(
      "SELECT 1 FROM protected_recording WHERE camera_id = ? AND stream = ? AND start_us = ?");
  if (!rows) return Fail(std::move(rows.error()));
  return rows->Bind(key.stream.camera_id, ToString(key.stream.kind), ToMicros(key.start)).Step();
}

Result<std::vector<RecordingKey>> SqliteProtectionStore::All() {
  auto rows = database_->Prepare(
      "SELECT camera_id, stream, start_us FROM protected_recording "
      "ORDER BY camera_id, stream, start_us");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<RecordingKey> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    const StreamKind kind = rows->Text(1) == "sub" ? StreamKind::kSub : StreamKind::kMain;
    out.push_back({StreamId(rows->Int(0), kind), FromMicros(rows->Int(2))});
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

}  // namespace ronin
