// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/volume_store.h"
#include "sqlite/database.h"

namespace ronin {

/// VolumeStore in SQLite; thread-bound.
class SqliteVolumeStore final : public VolumeStore {
 public:
  /// @param database  migrated; shared because the other stores use the same one connection
  explicit SqliteVolumeStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  Result<std::vector<VolumeRecord>> List() override;
  Result<int64_t> Seen(const std::string& uuid, const std::string& path, WallTime now) override;
  Status SetUse(const std::string& uuid, const VolumeUse& use) override;
  Status SetAdded(const std::string& path, bool added) override;

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace ronin
