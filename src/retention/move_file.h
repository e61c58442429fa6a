// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "catalog/catalog.h"
#include "config/camera_store.h"
#include "storage/file_copy.h"
#include "storage/volume.h"

namespace ronin::retention {

/// A closed recording that goes to another volume. A value; what it refers to outlives the work.
struct MoveJob {
  using DatabaseWork = std::function<Status(Catalog&, CameraStore&)>;

  FileMove move;  ///< to_path: as wanted; a name that is taken gets a number
  Volume from{""};
  Volume to{""};
  /// Runs short work on the thread of the databases, and waits for it.
  std::function<Status(const DatabaseWork&)> with_database;
  CopyPace pace;
};

enum class Moved {
  kMoved,    ///< the file is at its new place
  kNotMoved  ///< it was changed or deleted meanwhile; nothing is left of the copy
};

/// Moves the file, so that a crash at any point leaves one good file and its row, and what else
/// there is for SettleMove(): the move is noted; the file is copied under a name that nobody takes
/// for a recording, brought to the disk and renamed; its row is changed; the old file is deleted.
/// Who reads the old one reads on. Blocks; a thread of its own.
/// Errors: what the disks bring; kUnavailable when cancelled. Then the file is where it was, or its
/// old one is left for SettleMove().
Result<Moved> MoveFile(const MoveJob& job);

/// Ends a move that was cut off: forward when the copy is whole, else back. Repeating it is
/// harmless. Blocks; any thread. Errors: what the disks bring; then it is to be repeated.
Result<Moved> SettleMove(const MoveJob& job);

}  // namespace ronin::retention
