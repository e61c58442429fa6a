// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/camera_store.h"
#include "config/credentials.h"
#include "sqlite/database.h"

namespace ronin {

/// CameraStore in SQLite; thread-bound.
class SqliteCameraStore final : public CameraStore {
 public:
  /// @param database  migrated; shared because SqliteSettingStore uses the same one connection
  /// @param sealer    opens its credentials
  SqliteCameraStore(std::shared_ptr<Database> database, SealerPtr sealer)
      : database_(std::move(database)), sealer_(std::move(sealer)) {}

  Result<std::vector<CameraRecord>> List() override;
  Result<CameraRecord> Get(int64_t id) override;
  Result<CameraRecord> Insert(const CameraRecord& camera, WallTime now) override;
  Result<CameraRecord> Update(const CameraRecord& camera, WallTime now) override;
  Result<std::vector<CameraRecord>> SaveAll(const std::vector<CameraRecord>& cameras,
                                            WallTime now) override;
  Status Hide(int64_t id, bool with_footage, WallTime now) override;
  Result<CameraRecord> Restore(int64_t id) override;
  Result<std::vector<int64_t>> Hidden() override;
  Status Remove(int64_t id) override;
  Result<std::vector<DoomedFootage>> Doomed() override;
  Result<std::map<std::string, std::string>> Homes() override;
  Status SetHome(const std::string& uuid, const std::string& volume_uuid) override;
  Status EndDoom(int64_t camera_id) override;

 private:
  /// Credentials in the form that is stored.
  struct Sealed {
    std::string uuid;
    std::string url;
    std::optional<std::string> sub_url;
    std::optional<std::string> onvif_url;
    std::string username;
    std::string password;
  };

  CameraRecord FromRow(const Statement& row) const;
  Sealed Seal(const CameraRecord& camera, const Sealed& stored) const;
  Result<Sealed> FindSealed(int64_t id);
  Status CheckName(const CameraRecord& camera);
  Result<std::string> ReserveFolder(const std::string& name, const std::string& uuid);

  std::shared_ptr<Database> database_;
  SealerPtr sealer_;
};

}  // namespace ronin
