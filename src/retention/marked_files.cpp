// SPDX-License-Identifier: MIT
#include "retention/marked_files.h"

#include <algorithm>
#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "retention/volume_needs.h"
#include "storage/segment_path.h"

namespace ronin::retention {
namespace {

constexpr size_t kFilesInBatch = 20;  // so few that recording to the same disk does not wait

}  // namespace

void MarkedFiles::Begin() {
  failed_volumes_.clear();
  spared_.clear();
}

void MarkedFiles::Stop() {
  stopped_ = true;
  patience_.Cancel();
}

void MarkedFiles::Delete(const std::vector<Segment>& segments,
                         std::function<void(const Status&)> done) {
  std::vector<int64_t> in_use;
  done_ = std::move(done);
  for (const Segment& segment : segments) {
    const VolumeGate* gate = context_.volumes.Find(segment.volume_id);
    if (gate == nullptr || !CanDelete(*gate) || HasFailed(segment.volume_id)) continue;
    if (IsInUse(segment, *gate)) {
      spared_.insert(segment.id);
      in_use.push_back(segment.id);
    } else {
      AddToBatch(segment);
    }
  }
  if (in_use.empty()) {
    Next();
  } else {
    Spare(std::move(in_use));
  }
}

/// Or it is none of ours.
bool MarkedFiles::IsInUse(const Segment& segment, const VolumeGate& gate) const {
  const std::string path = gate.volume().PathOf(segment.rel_path);
  return context_.open_paths.Contains(path) || context_.served.Contains(path) ||
         !SegmentPath::Parse(segment.rel_path);
}

void MarkedFiles::AddToBatch(const Segment& segment) {
  auto batch = std::find_if(batches_.begin(), batches_.end(), [&](const Batch& one) {
    return one.volume_id == segment.volume_id && one.files.size() < kFilesInBatch;
  });
  if (batch == batches_.end()) batch = batches_.insert(batch, Batch{segment.volume_id, {}, {}});
  batch->files.push_back({segment.id, segment.rel_path});
  batch->sizes[segment.id] = segment.state == SegmentState::kMissing ? 0 : segment.size_bytes;
}

void MarkedFiles::Spare(std::vector<int64_t> in_use) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, in_use = std::move(in_use)] { return catalog.Spare(in_use); },
      [this](const Status& spared) {
        if (spared) {
          Next();
        } else {
          Done(spared);
        }
      });
}

void MarkedFiles::Next() {
  if (stopped_) return;
  patience_.Cancel();
  if (batches_.empty()) {
    Done({});
    return;
  }
  const Batch batch = std::move(batches_.front());
  batches_.erase(batches_.begin());
  VolumeGate* gate = context_.volumes.Find(batch.volume_id);
  if (gate == nullptr || HasFailed(batch.volume_id)) {
    Next();
    return;
  }
  const unsigned number = ++number_;
  patience_ = Source::After(
      context_.patience, [this, id = batch.volume_id, root = gate->root()] { TooSlow(id, root); });
  Ask(
      gate->write_worker(), mailbox_,
      [volume = gate->volume(), files = batch.files] {
        auto deleted = DeleteFiles(volume, files);
        return Outcome{std::move(deleted), volume.Space()};
      },
      [this, batch, number](const Outcome& outcome) { Deleted(batch, number, outcome); });
}

void MarkedFiles::TooSlow(int64_t volume_id, const std::string& root) {
  log::Warning("retention", Concat("deleting on ", root, " takes long; others come first"));
  failed_volumes_.insert(volume_id);
  ++number_;  // its answer, if it comes, only counts as far as it goes
  Next();
}

void MarkedFiles::Deleted(const Batch& batch, unsigned number, const Outcome& outcome) {
  VolumeGate* gate = context_.volumes.Find(batch.volume_id);
  if (gate != nullptr && outcome.space) hooks_.measured(*gate, *outcome.space);
  if (!outcome.deleted) {
    log::Warning("retention", Concat("old recordings cannot be deleted now (",
                                     outcome.deleted.error().Text(), "); trying again later"));
    failed_volumes_.insert(batch.volume_id);
    if (number == number_) Next();
    return;
  }
  // It waits for room, perhaps.
  if (gate != nullptr && gate->state() == VolumeState::kFull) gate->Recheck([] {});
  const DeletedFiles& deleted = *outcome.deleted;
  Amount amount{.files = int64_t(deleted.gone.size())};
  for (const int64_t id : deleted.gone) amount.size_bytes += batch.sizes.at(id);
  hooks_.deleted(batch.volume_id, deleted.gone, amount);
  if (!deleted.stuck.empty()) hooks_.stuck(batch.volume_id, deleted.stuck, deleted.why);
  Drop(deleted, number);
}

void MarkedFiles::Drop(const DeletedFiles& deleted, unsigned number) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, gone = deleted.gone, stuck = deleted.stuck] {
        auto done = catalog.ForgetAll(gone);
        return done && !stuck.empty() ? catalog.Spare(stuck) : done;
      },
      [this, number](const Status& done) {
        if (number != number_) return;
        if (!done) {
          Done(done);
          return;
        }
        hooks_.dropped();
        Next();
      });
}

void MarkedFiles::Done(const Status& status) {
  patience_.Cancel();
  batches_.clear();
  if (!stopped_) std::exchange(done_, {})(status);
}

}  // namespace ronin::retention
