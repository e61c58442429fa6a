// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/durations.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "storage/open_paths.h"
#include "storage/volume.h"

namespace ronin::recording {

/// The rows of the files that are being recorded. What the catalog cannot take now (it is locked,
/// its disk is full or fails) is kept in memory and brought to it in order once it can, while
/// recording goes on. Of more than 10,000 the oldest are given up: recovery finds their files.
/// Files that end together are entered together: each transaction costs a sync.
///
/// Thread: made and ended on main; its methods may be called on any thread and never block. The
/// order of calls for one file is kept.
class SegmentRows {
 public:
  struct Callbacks {
    std::function<void(const Segment&)> on_segment;  ///< main: a row was made or completed
    std::function<void()> on_lost;                   ///< main: rows were given up; recover again
    /// main: the catalog is damaged; called for every row that it does not take. May be empty.
    std::function<void(const Error&)> on_damage = {};
  };
  /// A file that was created.
  struct Begun {
    SegmentStart row;       ///< without volume_id
    Volume volume{""};      ///< where it is
    OpenPaths::Token open;  ///< kept until the row is complete
  };
  /// What is known of a file when it is closed.
  struct Ended {
    std::string path;  ///< absolute
    WallTime end{};
    int64_t size_bytes = 0;
    std::optional<int64_t> frames;
    /// complete, recovered or missing; recording: it cannot be told now, recovery completes the row
    SegmentState state = SegmentState::kComplete;
    std::optional<CameraClock> camera_clock;  ///< nothing: as the row has it
    /// What sound is in it; nothing outside: as the row has it. It may come after the first
    /// picture.
    std::optional<std::optional<SegmentAudio>> audio = {};
  };

  /// @param catalog, database  outlive it; `database` is stopped before it ends
  SegmentRows(Catalog& catalog, Worker& database, Callbacks callbacks);
  ~SegmentRows();

  void Begin(Begun begun);
  /// The disk failed while the file was written.
  void Suspect(std::string path);
  void End(Ended ended);

  /// The catalog is another, empty one: the rows of the open files are made again.
  void EnterAgain();

  /// Tries what waits once more, before the end: nobody may come back to it for long.
  void TryAgain();

  /// How many wait for the catalog. Any thread.
  size_t waiting() const;
  /// How long the catalog took for each change, or for ends that it took together; the failed ones
  /// included. Any thread.
  const Durations& writes() const;

  static constexpr size_t kMost = 10'000;

 private:
  struct Suspected {
    std::string path;
  };
  using Change = std::variant<Begun, Suspected, Ended>;
  struct State;
  void Post(Change change);
  static void RetryOn(Worker& database, std::shared_ptr<State> state);

  Worker& database_;
  Mailbox mailbox_;                     // before the state, which posts to it
  const std::shared_ptr<State> state_;  // shared with the jobs under way
  Source retry_;
};

}  // namespace ronin::recording
