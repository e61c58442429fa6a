// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "config/camera_store.h"
#include "retention/move_file.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// How far the moving of older files is.
struct MoveProgress {
  bool running = false;
  int64_t file_count = 0;       ///< moved since it began to run
  int64_t left_file_count = 0;  ///< about; an archive that is full takes none of them
};

/// Moves older files from the recording volumes to the archives, one at a time for each archive,
/// behind the running recorder: it stands still while recording keeps one of the disks busy.
/// Thread: main; blocks never, but for its end, which waits for the step that is under way.
class FileMover {
 public:
  /// All of it outlives this.
  struct Context {
    const Clock& clock;
    CameraStore& cameras;  ///< used on `database` only
    Catalog& catalog;      ///< used on `database` only
    Worker& database;
    Volumes& volumes;
    uint64_t bytes_per_s = 0;  ///< as CopyPace
    std::function<void(const MoveProgress&)> on_progress = {};
    std::chrono::milliseconds look_interval{60'000};
    /// A clock that jumped makes nothing old: what it would push through a small archive is lost.
    /// So ages are told from a time that was looked at, and not at all while there is none.
    std::function<std::optional<WallTime>()> trusted_time;
  };

  explicit FileMover(Context context);
  ~FileMover();

  /// Looks what there is to do: a volume, or what people want of one, has changed.
  void Work();
  /// Gives up what it is doing, and begins nothing more.
  void Stop();
  const MoveProgress& progress() const { return progress_; }

 private:
  /// Whether the thread is to go on; shared with it.
  struct Orders;
  /// The work for one archive.
  struct Lane {
    std::unique_ptr<Worker> thread;  // only while it works
    std::shared_ptr<Orders> orders;
    bool asking = false;
    bool again = false;                  // Work() was called meanwhile
    std::set<int64_t> skipped;           // segments that have failed; until the next look
    std::vector<VolumeGate*> under_way;  // between which it moves a file now
    bool count = true;                   // how many there are is to be asked anew
    int64_t left = 0;
  };
  /// What is asked of the database, and what it knows to do.
  struct Question {
    int64_t archive_id = 0;
    std::vector<int64_t> from;        // catalog ids; empty: it takes none
    std::set<int64_t> from_or_there;  // ids of all volumes that are there
    WallTime before{};
    std::set<int64_t> skipped;
    bool count = false;
  };
  struct Answer {
    std::optional<FileMove> unsettled;
    std::optional<Segment> next;
    std::optional<int64_t> left;  // if it was asked for
  };
  static Result<Answer> Next(Catalog& catalog, CameraStore& cameras, const Question& question);
  static Result<std::optional<Segment>> Oldest(Catalog& catalog, const Question& question,
                                               const std::set<int64_t>& doomed);

  void Ask(VolumeGate& archive);
  std::optional<Question> QuestionOf(const VolumeGate& archive, const Lane& lane) const;
  void Got(VolumeGate& archive, const Result<Answer>& answer);
  void Run(VolumeGate& archive, const FileMove& move, bool settle);
  void Done(VolumeGate& archive, int64_t segment_id, bool settled, const Result<Moved>& moved);
  void Rest(VolumeGate& archive);
  void Command();
  void Tell(bool now);
  static bool CanBeUsed(const VolumeGate* gate);

  const Context context_;
  std::map<VolumeGate*, Lane> lanes_;
  MoveProgress progress_;
  MonoTime told_{};
  bool stopped_ = false;
  Source look_;
  Source command_;
  Mailbox mailbox_;
};

}  // namespace ronin::retention
