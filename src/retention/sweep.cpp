// SPDX-License-Identifier: MIT
#include "retention/sweep.h"

#include <algorithm>
#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "retention/marks.h"

namespace ronin::retention {
namespace {

constexpr size_t kChunk = 200;        // of a plan; the next one sees what has changed meanwhile
constexpr size_t kMarkedAtOnce = 20;  // so many are lost to a player when a crash comes

}  // namespace

Sweep::Sweep(const Context& context, Hooks hooks)
    : context_(context), hooks_(std::move(hooks)), files_(context.files, FileHooks()) {}

MarkedFiles::Hooks Sweep::FileHooks() {
  return {
      .measured = [this](const VolumeGate& gate,
                         const FreeSpace& space) { context_.needs.Measured(gate, space); },
      .deleted =
          [this](int64_t volume_id, const std::vector<int64_t>& segments, const Amount& amount) {
            context_.needs.Deleted(volume_id, amount.size_bytes);
            stuck_.Deleted(volume_id, segments);
            progress_.deleted.files += amount.files;
            progress_.deleted.size_bytes += amount.size_bytes;
            progress_.left_files = std::max<int64_t>(progress_.left_files - amount.files, 0);
          },
      .stuck =
          [this](int64_t volume_id, const std::vector<int64_t>& segments, const std::string& why) {
            stuck_.Add(volume_id, segments, why, context_.clock.Mono());
          },
      .dropped = [this] { hooks_.progress(progress_); }};
}

void Sweep::Begin() {
  if (stopped_ || running()) return;
  counted_ = false;
  short_.clear();
  files_.Begin();
  stuck_.Begin(context_.clock.Mono());
  context_.needs.Begin();
  progress_ = {.running = true, .deleted = {}, .left_files = 0};
  FinishMarked(0);
}

void Sweep::Stop() {
  stopped_ = true;
  files_.Stop();
}

void Sweep::TryAgain() {
  context_.needs.TryAgain();
  stuck_.TryAgain();
}

/// What a crash left, or a disk that was away.
void Sweep::FinishMarked(int64_t after) {
  Ask(
      context_.files.database, mailbox_,
      [&catalog = context_.files.catalog, &ledger = context_.ledger, after] {
        return MarkedBehind(catalog, ledger, after, int(kChunk));
      },
      [this](const Result<std::vector<Segment>>& marked) {
        if (marked && marked->empty()) {
          NextChunk();
        } else {
          Delete(marked, [this, last = marked ? marked->back().id : 0] { FinishMarked(last); });
        }
      });
}

void Sweep::NextChunk() {
  if (stopped_) return;
  context_.needs.Judge();
  Situation situation = context_.situation();
  situation.spared = stuck_.LeftAlone();
  situation.spared.insert(files_.spared().begin(), files_.spared().end());
  std::erase_if(situation.volumes, [this](const VolumeNow& volume) {
    return files_.HasFailed(volume.id) || stuck_.IsFull(volume.id);
  });
  Ask(
      thread_, mailbox_,
      [&planner = context_.planner, situation = std::move(situation)] {
        return planner.Next(situation, kChunk);
      },
      [this](Result<Plan> plan) {
        if (plan) {
          Planned(std::move(*plan));
        } else {
          Failed(plan.error());
        }
      });
}

void Sweep::Planned(Plan plan) {
  chunk_ = std::move(plan.deletions);
  next_ = 0;
  for (const Deletion& deletion : chunk_) {
    if (deletion.why == Why::kShortSpace) short_.insert(deletion.lane.volume_id);
  }
  if (plan.verdict.all) short_.insert(plan.verdict.too_full.begin(), plan.verdict.too_full.end());
  if (chunk_.empty()) {
    stuck_.End();
    End({});
  } else if (plan.verdict.all) {
    progress_.left_files = int64_t(chunk_.size());
    counted_ = true;
    NextBatch();
  } else if (!counted_ && !context_.needs.AnyIsLow()) {
    CountLeft();
  } else {
    NextBatch();
  }
}

/// Only to say how far it is.
void Sweep::CountLeft() {
  counted_ = true;
  Ask(
      thread_, mailbox_,
      [&planner = context_.planner, situation = context_.situation()] {
        return planner.Count(situation);
      },
      [this](const Result<Amount>& amount) {
        if (amount) progress_.left_files = amount->files;
        NextBatch();
      });
}

void Sweep::NextBatch() {
  if (stopped_) return;
  if (next_ == chunk_.size()) {
    NextChunk();
    return;
  }
  std::vector<int64_t> ids;
  while (next_ < chunk_.size() && ids.size() < kMarkedAtOnce) {
    ids.push_back(chunk_[next_++].segment.id);
  }
  Ask(
      context_.files.database, mailbox_,
      [&catalog = context_.files.catalog, &ledger = context_.ledger, ids = std::move(ids)] {
        return Mark(catalog, ledger, ids);
      },
      [this](const Result<std::vector<Segment>>& marked) {
        Delete(marked, [this] { NextBatch(); });
      });
}

void Sweep::Delete(const Result<std::vector<Segment>>& marked, std::function<void()> then) {
  if (!marked) {
    Failed(marked.error());
    return;
  }
  files_.Delete(*marked, [this, then = std::move(then)](const Status& done) {
    if (done) {
      then();
    } else {
      Failed(done.error());
    }
  });
}

/// A database failed; what is marked is finished by the next run.
void Sweep::Failed(const Error& error) {
  if (stopped_) return;
  log::Warning("retention", Concat("old recordings cannot be deleted now (", error.Text(),
                                   "); trying again in a while"));
  chunk_.clear();
  End(Fail(error));
}

void Sweep::End(const Status& done) {
  progress_.running = false;
  progress_.left_files = 0;
  context_.needs.End();
  hooks_.ended(done);
}

}  // namespace ronin::retention
