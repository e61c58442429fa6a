// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "catalog/catalog.h"
#include "config/protection_store.h"
#include "recording/file_owners.h"
#include "storage/volume.h"

namespace ronin::recording {

/// What recovery did, for the log.
struct RecoveryReport {
  int repaired = 0;   ///< files that were open when the recorder ended
  int adopted = 0;    ///< files of ours without a row
  int missing = 0;    ///< rows without a file
  int back = 0;       ///< rows whose file was missing and is there again
  int empty = 0;      ///< files that hold not a single whole fragment, seen for the first time
  int stillborn = 0;  ///< files of ours that a crash left without a picture: removed
  int refused = 0;    ///< rows without a file that were too many to believe
  int checked = 0;    ///< files that were looked at
  int foreign = 0;    ///< files in our folders that name a camera which is none of ours
  int copies = 0;     ///< files of ours that the catalog has at another place as well
};

/// What recovery works on. A value; what it refers to outlives the work.
struct RecoveryJob {
  using CatalogWork = std::function<Status(Catalog&)>;

  Volume volume;
  /// Only files of these cameras are adopted, in whatever folder they lie.
  FileOwners owners;
  /// Runs short work on the catalog's thread, and waits for it.
  std::function<Status(const CatalogWork&)> with_catalog;
  /// What is adopted gets back the protection it had; used on the catalog's thread. Null: none has.
  ProtectionStore* protection = nullptr;
  /// Whether the file at this absolute path is being written now. Any thread.
  std::function<bool(const std::string& path)> is_open;
  /// Whether to end early, with kUnavailable: the recorder ends, or the disk went away. Any thread.
  std::function<bool()> cancelled;
};

/// Makes the catalog say what is on the volume, after a crash, after the catalog was lost, or after
/// somebody moved files. Runs beside recording, and may be cut off anywhere and repeated. Deletes
/// no file but what a crash left without a picture, see IsStillborn(); repairs the ends of files
/// that nobody writes, see Repair(). A file that names a camera
/// which is none of ours, or a recording that is there already, is left alone. Works in small
/// pieces, a folder or a file each. When more than 5 % of the rows (and more than 20) have no file,
/// the disk is not believed: nothing is marked as missing then.
///
/// Errors: kUnavailable and such, of catalog and disk; a file that cannot be read is logged and
/// skipped. Thread: one of its own that may block; not the catalog's, and nobody else waits for it.
Result<RecoveryReport> Recover(const RecoveryJob& job);

}  // namespace ronin::recording
