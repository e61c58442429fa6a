// SPDX-License-Identifier: MIT
#include "retention/recording_deleter.h"

#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "retention/delete_files.h"
#include "storage/segment_path.h"

namespace ronin::retention {
namespace {

/// The recording, which nobody can protect from here on.
Result<Segment> MarkOne(Catalog& catalog, int64_t id) {
  auto segment = catalog.Get(id);
  if (!segment) return segment;
  if (segment->is_protected) {
    return Fail(ErrorKind::kConflict, Concat("recording ", id,
                                             " is protected; take its protection back first, "
                                             "then it can be deleted"));
  }
  if (segment->state == SegmentState::kRecording) {
    return Fail(ErrorKind::kConflict,
                Concat("recording ", id, " is still being written; wait until its file is closed"));
  }
  if (!SegmentPath::Parse(segment->rel_path)) {
    return Fail(ErrorKind::kConflict, Concat("the file of recording ", id,
                                             " is not named like one of the recorder's; delete it "
                                             "on the disk"));
  }
  auto marked = catalog.Doom({id});
  if (!marked) return Fail(std::move(marked.error()));
  if (marked->empty()) {
    return Fail(ErrorKind::kConflict,
                Concat("recording ", id, " is being moved to another volume; try again later"));
  }
  return std::move(marked->front());
}

}  // namespace

void RecordingDeleter::Delete(int64_t id, std::function<void(const Status&)> done) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, id] { return MarkOne(catalog, id); },
      [this, done = std::move(done)](const Result<Segment>& segment) {
        if (segment) {
          Marked(*segment, done);
        } else {
          done(Fail(segment.error()));
        }
      });
}

void RecordingDeleter::Marked(const Segment& segment, std::function<void(const Status&)> done) {
  VolumeGate* gate = context_.volumes.Find(segment.volume_id);
  const bool usable =
      gate != nullptr && (gate->state() == VolumeState::kOk || gate->state() == VolumeState::kFull);
  if (!usable) {
    Spare(segment.id,
          {ErrorKind::kUnavailable,
           "the storage of this recording is away; connect it and try again"},
          std::move(done));
    return;
  }
  Ask(
      gate->write_worker(), mailbox_,
      [volume = gate->volume(), file = DoomedFile{segment.id, segment.rel_path}] {
        return DeleteFiles(volume, {file});
      },
      [this, segment, done = std::move(done)](const Result<DeletedFiles>& deleted) {
        if (!deleted) {
          Spare(segment.id, deleted.error(), done);
        } else if (!deleted->stuck.empty()) {
          Spare(segment.id, {ErrorKind::kUnavailable, deleted->why}, done);
        } else {
          Forget(segment, done);
        }
      });
}

void RecordingDeleter::Forget(const Segment& segment, std::function<void(const Status&)> done) {
  Ask(
      context_.database, mailbox_,
      [&context = context_, segment]() -> Status {
        GapRecord gap{.camera_id = segment.camera_id,
                      .stream = segment.stream,
                      .start = segment.start,
                      .end = segment.end,
                      .cause = {GapReason::kDeleted, "user"}};
        // One that was missing is a gap already; one without an end would be a gap that lasts.
        if (segment.state != SegmentState::kMissing && segment.end) {
          if (auto noted = context.ledger.AddGap(gap); !noted) return noted;
        }
        return context.catalog.ForgetAll({segment.id});
      },
      [segment, done = std::move(done)](const Status& forgotten) {
        if (forgotten) log::Info("retention", Concat(segment.rel_path, " was deleted on request"));
        done(forgotten);
      });
}

void RecordingDeleter::Spare(int64_t id, const Error& error,
                             std::function<void(const Status&)> done) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, id] { return catalog.Spare({id}); },
      [error, done = std::move(done)](const Status&) { done(Fail(error)); });
}

}  // namespace ronin::retention
