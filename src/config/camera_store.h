// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/camera_record.h"

namespace ronin {

/// A camera that is gone and whose footage is to be deleted. A value.
struct DoomedFootage {
  int64_t camera_id = 0;
  std::string camera_name;
  bool operator==(const DoomedFootage&) const = default;
};

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

  /// Update() those with an id and Insert() the others, all or none. Returns them as they are
  /// stored, in the same order. Errors: as those.
  virtual Result<std::vector<CameraRecord>> SaveAll(const std::vector<CameraRecord>& cameras,
                                                    WallTime now) = 0;

  /// Hides a camera: for everything but Restore() and Remove() it is not there any more, only its
  /// name stays taken. Errors: kNotFound.
  /// @param with_footage  Remove() is to doom its footage
  virtual Status Hide(int64_t id, bool with_footage, WallTime now) = 0;
  /// Takes Hide() back. Errors: kNotFound when it is not hidden.
  virtual Result<CameraRecord> Restore(int64_t id) = 0;
  /// The ids of those that are hidden.
  virtual Result<std::vector<int64_t>> Hidden() = 0;

  /// Forgets the camera, hidden or not. Its folder stays taken; its footage stays, unless it was
  /// hidden with it. Errors: kNotFound.
  virtual Status Remove(int64_t id) = 0;

  /// The volume that is each camera's own, see storage/: its uuid by the camera's.
  virtual Result<std::map<std::string, std::string>> Homes() = 0;
  virtual Status SetHome(const std::string& uuid, const std::string& volume_uuid) = 0;

  /// Whose footage is to be deleted, ascending by id.
  virtual Result<std::vector<DoomedFootage>> Doomed() = 0;
  /// All of it is gone.
  virtual Status EndDoom(int64_t camera_id) = 0;
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
