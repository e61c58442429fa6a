// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "config/camera_store.h"
#include "config/ledger_store.h"
#include "config/protection_store.h"
#include "config/volume_store.h"

namespace ronin {

/// What people set in the UI and no file says: retention policy, layouts. Text under a key such as
/// "storage.policy"; the meaning belongs to who stores it.
///
/// Thread-bound, like CameraStore.
class SettingStore {
 public:
  virtual ~SettingStore() = default;

  /// The text under `key`, or nothing.
  virtual Result<std::optional<std::string>> Get(std::string_view key) = 0;

  /// Errors: kInvalidArgument for an empty key or one of more than 200 bytes.
  virtual Status Set(std::string_view key, std::string_view value, WallTime now) = 0;
};

/// Everything in config.db, over one connection; thread-bound.
struct ConfigStores {
  std::unique_ptr<CameraStore> cameras;
  std::unique_ptr<SettingStore> settings;
  std::unique_ptr<VolumeStore> volumes;
  std::unique_ptr<LedgerStore> ledger;
  std::unique_ptr<ProtectionStore> protection;
};

/// Opens config.db once for all; errors as for OpenCameraStore.
Result<ConfigStores> OpenConfigStores(const std::string& path);

/// The same to look into it beside a running recorder: the file is neither made nor migrated, and
/// writing fails. Errors: kNotFound, kUnsupported when the file's schema is another one, …
Result<ConfigStores> ReadConfigStores(const std::string& path);

}  // namespace ronin
