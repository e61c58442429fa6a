// SPDX-License-Identifier: MIT
#include "retention/move_file.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/text.h"
#include "retention/delete_files.h"
#include "storage/folders.h"
#include "storage/segment_path.h"

namespace ronin::retention {
namespace {

namespace fs = std::filesystem;

/// One move, step by step.
class Move {
 public:
  explicit Move(const MoveJob& job) : job_(job), move_(job.move) {}

  Result<Moved> Do() {
    auto moved = Copy();
    if (moved) moved = Commit();
    if (!moved && !committed_) Undo();
    return moved;
  }

  Result<Moved> Settle() {
    for (const Volume* volume : {&job_.from, &job_.to}) {
      if (auto there = volume->CheckThere(); !there) return Fail(std::move(there.error()));
    }
    Remove(Temporary());
    std::optional<Segment> row;
    if (auto found = FindRow(&row); !found) return Fail(std::move(found.error()));
    if (row && Is(*row, move_.to_volume_id, move_.to_path)) return DeleteOld();
    std::error_code error;
    const auto size = fs::file_size(Target(), error);
    const bool whole = row && !error && int64_t(size) == row->size_bytes &&
                       Is(*row, move_.from_volume_id, move_.from_path);
    if (whole) return Commit();
    if (!row && !error) return DeleteCopy();
    return End(Moved::kNotMoved);
  }

 private:
  std::string Target() const { return job_.to.PathOf(move_.to_path); }
  /// Recovery takes no file whose name begins with a dot.
  std::string Temporary() const {
    const std::string target = job_.to.PathOf(job_.move.to_path);
    return Concat(FolderOf(target), "/.moving-", move_.segment_id);
  }
  static std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }
  static void Remove(const std::string& path) {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  static bool Is(const Segment& row, int64_t volume_id, const std::string& path) {
    return row.volume_id == volume_id && row.rel_path == path;
  }

  Status FindRow(std::optional<Segment>* row) const {
    return job_.with_database([&](Catalog& catalog, CameraStore&) -> Status {
      auto found = catalog.Get(move_.segment_id);
      if (!found && found.error().kind != ErrorKind::kNotFound) return Fail(found.error());
      if (found) *row = std::move(*found);
      return {};
    });
  }

  Result<Moved> Copy() {
    const auto wanted = SegmentPath::Parse(job_.move.to_path);
    if (!wanted) return Fail(ErrorKind::kInvalidArgument, "it is not named like a recording");
    if (auto room = CheckRoom(); !room) return Fail(std::move(room.error()));
    if (auto taken = TakeName(*wanted); !taken) return Fail(std::move(taken.error()));
    if (auto made = MakeDirs(FolderOf(Target())); !made) return Fail(std::move(made.error()));
    const auto size = CopyFile(job_.from.PathOf(move_.from_path), Temporary(), job_.pace);
    if (!size) return Fail(size.error());
    for (;;) {
      auto named = RenameNew(Temporary(), Target());
      if (named) return Moved::kMoved;
      if (named.error().kind != ErrorKind::kConflict) return Fail(std::move(named.error()));
      if (auto taken = TakeName(*wanted); !taken) return Fail(std::move(taken.error()));
    }
  }

  /// Nobody is to lose a recording because an archive is full.
  Status CheckRoom() const {
    if (auto there = job_.to.CheckRoom(); !there) return there;
    std::error_code error;
    const auto size = fs::file_size(job_.from.PathOf(move_.from_path), error);
    if (error) {
      return Fail(
          ErrorFromErrno(error.value(), Concat("cannot look at \"", move_.from_path, "\"")));
    }
    const auto space = job_.to.Space();
    if (!space) return Fail(space.error());
    constexpr uint64_t kMargin = 16 << 20;
    if (space->free_bytes >= size + std::min(kMargin, space->total_bytes / 20)) return {};
    return Fail(ErrorKind::kNoSpace, Concat("\"", job_.to.root(), "\" has no room for it"));
  }

  /// Notes the first name that neither the disk nor the catalog has.
  Status TakeName(SegmentPath wanted) {
    constexpr int kMostTries = 100;
    Status noted;
    for (int tries = 0; tries < kMostTries; ++tries) {
      const auto free = FreeSegmentPath(job_.to.root(), wanted);
      if (!free) return Fail(free.error());
      move_.to_path = free->ToString();
      noted = job_.with_database(
          [this](Catalog& catalog, CameraStore&) { return catalog.BeginMove(move_); });
      if (noted || noted.error().kind != ErrorKind::kConflict) return noted;
      wanted = *free;
      ++wanted.copy;
    }
    return noted;
  }

  enum class Fate { kCommitted, kDeleteCopy, kLeaveCopy };

  Result<Moved> Commit() {
    Fate fate = Fate::kLeaveCopy;
    auto done = job_.with_database(
        [&](Catalog& catalog, CameraStore& cameras) { return CommitRow(catalog, cameras, &fate); });
    if (!done) return Fail(std::move(done.error()));
    if (fate == Fate::kDeleteCopy) return DeleteCopy();
    if (fate == Fate::kLeaveCopy) return End(Moved::kNotMoved);
    committed_ = true;
    return DeleteOld();
  }

  Status CommitRow(Catalog& catalog, CameraStore& cameras, Fate* fate) const {
    const auto row = catalog.Get(move_.segment_id);
    if (!row && row.error().kind != ErrorKind::kNotFound) return Fail(row.error());
    *fate = Fate::kDeleteCopy;
    if (!row) return {};
    if (!Is(*row, move_.from_volume_id, move_.from_path) || row->state == SegmentState::kMissing) {
      *fate = Fate::kLeaveCopy;  // it may be the only one; recovery takes it
      return {};
    }
    // Who deletes it has noted its place already.
    const auto doomed = cameras.Doomed();
    if (!doomed) return Fail(doomed.error());
    if (std::ranges::find(*doomed, row->camera_id, &DoomedFootage::camera_id) != doomed->end()) {
      return {};
    }
    auto done = catalog.CommitMove(move_.segment_id);
    if (done) *fate = Fate::kCommitted;
    if (!done && done.error().kind == ErrorKind::kConflict) return {};
    return done;
  }

  Result<Moved> DeleteOld() {
    const auto gone = DeleteFiles(job_.from, {{move_.segment_id, move_.from_path}});
    if (!gone) return Fail(gone.error());
    return End(Moved::kMoved);
  }

  Result<Moved> DeleteCopy() {
    // A row of its own has what was recorded there, or adopted.
    bool known = false;
    const auto looked = job_.with_database([&](Catalog& catalog, CameraStore&) -> Status {
      const std::string before = move_.to_path.substr(0, move_.to_path.size() - 1);
      const auto rows = catalog.Files(move_.to_volume_id, before, move_.to_path + '\x01', 100);
      if (!rows) return Fail(rows.error());
      known = std::ranges::find(*rows, move_.to_path, &FileRow::rel_path) != rows->end();
      return {};
    });
    if (!looked) return Fail(looked.error());
    if (!known) {
      const auto gone = DeleteFiles(job_.to, {{move_.segment_id, move_.to_path}});
      if (!gone) return Fail(gone.error());
    }
    return End(Moved::kNotMoved);
  }

  Result<Moved> End(Moved moved) {
    auto ended = job_.with_database(
        [this](Catalog& catalog, CameraStore&) { return catalog.EndMove(move_.segment_id); });
    if (!ended) return Fail(std::move(ended.error()));
    return moved;
  }

  /// Nothing was changed but what is noted. What this cannot do now is done by Settle().
  void Undo() {
    Remove(Temporary());
    std::error_code error;
    if (!fs::exists(Target(), error) && !error) std::ignore = End(Moved::kNotMoved);
  }

  const MoveJob& job_;
  FileMove move_;
  bool committed_ = false;
};

}  // namespace

Result<Moved> MoveFile(const MoveJob& job) { return Move(job).Do(); }

Result<Moved> SettleMove(const MoveJob& job) { return Move(job).Settle(); }

}  // namespace ronin::retention
