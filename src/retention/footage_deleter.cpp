// SPDX-License-Identifier: MIT
#include "retention/footage_deleter.h"

#include <algorithm>
#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "storage/segment_path.h"

namespace ronin::retention {
namespace {

// So few that recording to the same disk does not wait long for them.
constexpr int kBatch = 20;

}  // namespace

void FootageDeleter::Work() {
  RONIN_ASSERT_MAIN_THREAD();
  if (stopped_) return;
  if (working_) {
    again_ = true;
    return;
  }
  working_ = true;
  again_ = false;
  left_any_ = false;
  place_ = {};
  bad_gates_.clear();
  retry_.Cancel();
  Ask();
}

void FootageDeleter::Stop() {
  stopped_ = true;
  retry_.Cancel();
}

/// The camera at `place`, or the next one behind it, and its next segments.
Result<FootageDeleter::Batch> FootageDeleter::NextBatch(CameraStore& cameras, Catalog& catalog,
                                                        const Place& place) {
  const auto doomed = cameras.Doomed();
  if (!doomed) return Fail(doomed.error());
  const auto found = std::find_if(doomed->begin(), doomed->end(), [&](const DoomedFootage& one) {
    return place.behind ? one.camera_id > place.camera_id : one.camera_id >= place.camera_id;
  });
  if (found == doomed->end()) return Batch();
  const bool same = found->camera_id == place.camera_id;
  auto page = catalog.List({.camera_ids = {found->camera_id},
                            .limit = kBatch,
                            .after = same ? place.cursor : std::string()});
  if (!page) return Fail(page.error());
  return Batch{*found, std::move(page->items), std::move(page->next)};
}

void FootageDeleter::Ask() {
  if (stopped_) return;
  ronin::Ask(
      context_.database, mailbox_,
      [&cameras = context_.cameras, &catalog = context_.catalog, place = place_] {
        return NextBatch(cameras, catalog, place);
      },
      [this](Result<Batch> batch) { Got(std::move(batch)); });
}

bool FootageDeleter::CanDelete(const VolumeGate* gate, const Segment& segment) const {
  return gate != nullptr && !bad_gates_.contains(gate) &&
         (gate->state() == VolumeState::kOk || gate->state() == VolumeState::kFull) &&
         !context_.open_paths.Contains(gate->volume().PathOf(segment.rel_path));
}

void FootageDeleter::Got(Result<Batch> batch) {
  if (!batch) {
    Failed(batch.error());
    return;
  }
  if (!batch->camera) {
    Rest();
    return;
  }
  if (place_.behind || batch->camera->camera_id != place_.camera_id) {
    place_ = {batch->camera->camera_id, false, ""};
    camera_name_ = batch->camera->camera_name;
    left_some_ = false;
    told_stuck_ = false;
    deleted_ = 0;
  }
  next_ = std::move(batch->next);
  VolumeGate* gate = nullptr;
  std::vector<int64_t> ids;
  for (const Segment& segment : batch->segments) {
    if (segment.is_protected || !SegmentPath::Parse(segment.rel_path)) continue;
    VolumeGate* its = context_.volumes.Find(segment.volume_id);
    if (!CanDelete(its, segment)) {
      left_some_ = left_any_ = true;
    } else if (gate == nullptr || gate == its) {
      gate = its;
      ids.push_back(segment.id);
    } else {
      next_ = place_.cursor;  // one volume at a time: those of others are met again
    }
  }
  if (gate != nullptr) {
    Mark(*gate, std::move(ids));
  } else {
    BatchDone();
  }
}

/// All that could be deleted is.
void FootageDeleter::Rest() {
  working_ = false;
  if (again_) {
    Work();
  } else if (left_any_) {
    retry_ = Source::After(context_.try_again, [this] { Work(); });
  }
}

/// From here on it is too late to protect them; those that became protected since they were read,
/// or are on their way to another volume, stay for now.
void FootageDeleter::Mark(VolumeGate& gate, std::vector<int64_t> ids) {
  const size_t count = ids.size();
  ronin::Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, ids = std::move(ids)] { return catalog.Doom(ids); },
      [this, &gate, count](const Result<std::vector<Segment>>& marked) {
        if (!marked) {
          Failed(marked.error());
          return;
        }
        std::vector<DoomedFile> files;
        for (const Segment& segment : *marked) {
          if (context_.volumes.Find(segment.volume_id) != &gate) continue;
          files.push_back({segment.id, segment.rel_path});
        }
        if (files.size() < count) left_some_ = left_any_ = true;
        if (files.empty()) {
          BatchDone();
        } else {
          Delete(gate, std::move(files));
        }
      });
}

void FootageDeleter::Delete(VolumeGate& gate, std::vector<DoomedFile> files) {
  ronin::Ask(
      gate.write_worker(), mailbox_,
      [volume = gate.volume(), files = std::move(files)] { return DeleteFiles(volume, files); },
      [this, &gate](Result<DeletedFiles> deleted) {
        if (deleted) {
          if (!deleted->stuck.empty()) Stuck(*deleted);
          Forget(std::move(deleted->gone));
          return;
        }
        log::Warning("retention", Concat("the footage of camera ", camera_name_, " on ",
                                         gate.root(), " cannot be deleted now (",
                                         deleted.error().Text(), "); trying again in a while"));
        bad_gates_.insert(&gate);
        Ask();  // what other volumes have of these
      });
}

/// They keep their rows, and are met again with the next round.
void FootageDeleter::Stuck(const DeletedFiles& deleted) {
  left_some_ = left_any_ = true;
  if (std::exchange(told_stuck_, true)) return;
  log::Warning("retention", Concat("some footage of camera ", camera_name_, " cannot be deleted (",
                                   deleted.why, "); trying again"));
}

void FootageDeleter::Forget(std::vector<int64_t> gone) {
  deleted_ += int64_t(gone.size());
  ronin::Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, gone = std::move(gone)] { return catalog.ForgetAll(gone); },
      [this](const Status& done) {
        if (done) {
          BatchDone();
        } else {
          Failed(done.error());
        }
      });
}

void FootageDeleter::BatchDone() {
  if (!next_) {
    EndCamera();
    return;
  }
  place_.cursor = *next_;
  Ask();
}

/// All of the camera's recordings were met.
void FootageDeleter::EndCamera() {
  place_.behind = true;
  if (deleted_ > 0) {
    log::Info("retention", Concat("camera ", camera_name_, ": ", deleted_,
                                  " recordings were deleted, as it was removed with its footage"));
  }
  if (left_some_) {
    Ask();
    return;
  }
  ronin::Ask(
      context_.database, mailbox_,
      [&cameras = context_.cameras, id = place_.camera_id] { return cameras.EndDoom(id); },
      [this](const Status& done) {
        if (done) {
          Ask();
        } else {
          Failed(done.error());
        }
      });
}

void FootageDeleter::Failed(const Error& error) {
  log::Warning("retention", Concat("the footage of a removed camera cannot be deleted now (",
                                   error.Text(), "); trying again in a while"));
  working_ = false;
  if (!stopped_) retry_ = Source::After(context_.try_again, [this] { Work(); });
}

}  // namespace ronin::retention
