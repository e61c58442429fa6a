// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/camera_record.h"

namespace ronin {

/// The configured cameras. Synchronous and durable: what returned is on the disk. Addresses, user
/// names and passwords are encrypted there; one that is damaged only makes its camera `unreadable`.
///
/// Every method may also fail with kNoSpace, kUnavailable, kCorrupt or kInternal, from the
/// database. Thread-bound: belongs to the thread of the database; post to its Worker.
class CameraStore {
 public:
  virtual ~CameraStore() = default;

  /// All cameras, in the order of their ids.
  virtual Result<std::vector<CameraRecord>> List() = 0;

  /// Errors: kNotFound.
  virtual Result<CameraRecord> Get(int64_t id) = 0;

  /// Adds a camera. Ignores and assigns id, uuid, folder, created and updated; the folder is made
  /// from the name and was never any other camera's. Returns the camera as it is stored.
  /// Errors: kConflict when the name is taken, kInvalidArgument.
  virtual Result<CameraRecord> Insert(const CameraRecord& camera, WallTime now) = 0;

  /// Replaces everything but id, uuid, folder and created. Returns the camera as it is stored.
  /// Errors: kNotFound, kConflict when the name is taken, kInvalidArgument.
  virtual Result<CameraRecord> Update(const CameraRecord& camera, WallTime now) = 0;

  /// Forgets the camera. Its footage and its folder stay, and the folder stays taken.
  /// Errors: kNotFound.
  virtual Status Remove(int64_t id) = 0;
};

/// The cameras in the database file at `path` (config.db), which is made or migrated if needed.
/// Errors: kCorrupt (never repaired: it holds what people typed), kUnsupported when a newer version
/// wrote it, those of UnlockCredentials() when the master key beside it does not fit, and what
/// opening a file can bring.
Result<std::unique_ptr<CameraStore>> OpenCameraStore(const std::string& path);

/// One camera of the database file at `path`, which is neither made nor migrated nor written, so
/// this may be done beside a running recorder. Blocks.
/// Errors: kNotFound (the file or the camera), kUnsupported when the file's schema is another one.
Result<CameraRecord> ReadCamera(const std::string& path, int64_t id);

}  // namespace ronin
