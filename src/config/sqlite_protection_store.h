// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "config/protection_store.h"
#include "sqlite/database.h"

namespace ronin {

/// ProtectionStore in SQLite; thread-bound.
class SqliteProtectionStore final : public ProtectionStore {
 public:
  /// @param database  migrated; shared because SqliteCameraStore uses the same one connection
  explicit SqliteProtectionStore(std::shared_ptr<Database> database)
      : database_(std::move(database)) {}

  Status Add(const std::vector<RecordingKey>& keys) override;
  Status Remove(const RecordingKey& key) override;
  Result<bool> Has(const RecordingKey& key) override;
  Result<std::vector<RecordingKey>> All() override;

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace ronin
