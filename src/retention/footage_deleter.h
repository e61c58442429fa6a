// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "config/camera_store.h"
#include "retention/delete_files.h"
#include "storage/open_paths.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// Deletes the footage of cameras that were removed with it, a few files at a time, for as long as
/// there is some. Thread: main; blocks never.
class FootageDeleter {
 public:
  /// All of it outlives this.
  struct Context {
    CameraStore& cameras;  ///< used on `database` only
    Catalog& catalog;      ///< used on `database` only
    Worker& database;
    Volumes& volumes;
    const OpenPaths& open_paths;
    /// After which what could not be deleted (its disk is away) is tried again.
    std::chrono::milliseconds try_again{60'000};
  };

  explicit FootageDeleter(const Context& context) : context_(context) {}

  /// Looks for doomed footage: at the start, and when a camera was removed with its footage.
  void Work();
  /// Begins nothing more; the disks and databases are about to close.
  void Stop();

 private:
  /// What the database knows to do next.
  struct Batch {
    std::optional<DoomedFootage> camera;  // nothing: all is done
    std::vector<Segment> segments;        // the next ones behind the cursor
    std::optional<std::string> next;      // the cursor behind them; nothing: those were the last
  };
  /// Where it is: in the footage of a camera, or behind that camera.
  struct Place {
    int64_t camera_id = 0;
    bool behind = true;
    std::string cursor;
  };
  static Result<Batch> NextBatch(CameraStore& cameras, Catalog& catalog, const Place& place);

  void Ask();
  void Got(Result<Batch> batch);
  void Rest();
  bool CanDelete(const VolumeGate* gate, const Segment& segment) const;
  void Mark(VolumeGate& gate, std::vector<int64_t> ids);
  void Delete(VolumeGate& gate, std::vector<DoomedFile> files);
  void Stuck(const DeletedFiles& deleted);
  void Forget(std::vector<int64_t> gone);
  void BatchDone();
  void EndCamera();
  void Failed(const Error& error);

  const Context context_;
  bool working_ = false;
  bool again_ = false;  // Work() was called meanwhile
  bool stopped_ = false;
  Place place_;
  std::string camera_name_;
  std::optional<std::string> next_;        // as Batch::next
  std::set<const VolumeGate*> bad_gates_;  // that have failed in this round
  bool left_some_ = false;                 // of this camera
  bool left_any_ = false;                  // of any
  bool told_stuck_ = false;                // of this camera, in this round
  int64_t deleted_ = 0;                    // of this camera
  Source retry_;
  Mailbox mailbox_;
};

}  // namespace ronin::retention
