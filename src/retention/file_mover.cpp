// SPDX-License-Identifier: MIT
#include "retention/file_mover.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "storage/polite_thread.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr auto kCommandInterval = 100ms;
constexpr auto kTellInterval = 1s;
// Then something else is wrong than with one file.
constexpr size_t kMostFailures = 10;

}  // namespace

struct FileMover::Orders {
  std::atomic<bool> cancelled{false};
  std::atomic<bool> wait{false};
};

FileMover::FileMover(Context context) : context_(std::move(context)) {
  look_ = Source::Every(context_.look_interval, [this] {
    for (auto& [gate, lane] : lanes_) lane.skipped.clear();
    Work();
  });
}

FileMover::~FileMover() { Stop(); }

void FileMover::Stop() {
  stopped_ = true;
  look_.Cancel();
  command_.Cancel();
  for (auto& [gate, lane] : lanes_) {
    if (lane.orders) lane.orders->cancelled = true;
  }
}

void FileMover::Work() {
  RONIN_ASSERT_MAIN_THREAD();
  if (stopped_) return;
  Command();
  for (const auto& gate : context_.volumes.all()) Ask(*gate);
}

bool FileMover::CanBeUsed(const VolumeGate* gate) {
  return gate != nullptr && !gate->retired() &&
         (gate->state() == VolumeState::kOk || gate->state() == VolumeState::kFull);
}

/// Nothing: there is nothing to do for it now.
std::optional<FileMover::Question> FileMover::QuestionOf(const VolumeGate& archive,
                                                         const Lane& lane) const {
  const Volumes& volumes = context_.volumes;
  const auto id = volumes.IdOf(archive.uuid());
  if (!CanBeUsed(&archive) || archive.uuid().empty() || !id) return std::nullopt;
  Question out{.archive_id = *id,
               .from = {},
               .from_or_there = {},
               .skipped = lane.skipped,
               .count = lane.count};
  const VolumeUse use = volumes.UseOf(archive.uuid());
  const bool wants =
      use.role == VolumeRole::kArchive && use.weight > 0 && use.move_after_days && archive.ok();
  const auto now = wants ? context_.trusted_time() : std::nullopt;
  for (const auto& gate : volumes.all()) {
    const auto other = volumes.IdOf(gate->uuid());
    if (!CanBeUsed(gate.get()) || !other || gate.get() == &archive) continue;
    out.from_or_there.insert(*other);
    const bool source = volumes.UseOf(gate->uuid()).role == VolumeRole::kRecording;
    if (now && source) out.from.push_back(*other);
  }
  if (now) out.before = *now - std::chrono::days(*use.move_after_days);
  return out;
}

void FileMover::Ask(VolumeGate& archive) {
  Lane& lane = lanes_[&archive];
  if (lane.asking || lane.thread) {
    lane.again = true;
    return;
  }
  auto question = QuestionOf(archive, lane);
  if (!question) {
    Rest(archive);
    return;
  }
  lane.asking = true;
  lane.again = false;
  ronin::Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, &cameras = context_.cameras, question = std::move(*question)] {
        return Next(catalog, cameras, question);
      },
      [this, &archive](const Result<Answer>& answer) { Got(archive, answer); });
}

/// On the thread of the databases.
Result<FileMover::Answer> FileMover::Next(Catalog& catalog, CameraStore& cameras,
                                          const Question& question) {
  Answer out;
  const auto moves = catalog.Moves();
  if (!moves) return Fail(moves.error());
  for (const FileMove& move : *moves) {
    if (move.to_volume_id != question.archive_id || question.skipped.contains(move.segment_id) ||
        !question.from_or_there.contains(move.from_volume_id)) {
      continue;
    }
    out.unsettled = move;
    return out;
  }
  if (question.from.empty()) return out;
  const auto doomed = cameras.Doomed();
  if (!doomed) return Fail(doomed.error());
  std::set<int64_t> doomed_ids;
  for (const DoomedFootage& one : *doomed) doomed_ids.insert(one.camera_id);
  auto next = Oldest(catalog, question, doomed_ids);
  if (!next) return Fail(next.error());
  out.next = std::move(*next);
  if (!out.next || !question.count) return out;
  out.left = 0;
  for (const int64_t id : question.from) {
    const auto count = catalog.CountMovable(id, question.before);
    if (!count) return Fail(count.error());
    *out.left += *count;
  }
  return out;
}

Result<std::optional<Segment>> FileMover::Oldest(Catalog& catalog, const Question& question,
                                                 const std::set<int64_t>& doomed) {
  // A camera whose footage is deleted may have many; they are gone before the next look.
  const int limit = int(question.skipped.size()) + (doomed.empty() ? 1 : 100);
  std::optional<Segment> out;
  for (const int64_t id : question.from) {
    auto found = catalog.Movable(id, question.before, limit);
    if (!found) return Fail(found.error());
    const auto first = std::ranges::find_if(*found, [&](const Segment& one) {
      return !question.skipped.contains(one.id) && !doomed.contains(one.camera_id);
    });
    if (first != found->end() && (!out || first->start < out->start)) out = std::move(*first);
  }
  return out;
}

void FileMover::Got(VolumeGate& archive, const Result<Answer>& answer) {
  Lane& lane = lanes_[&archive];
  lane.asking = false;
  if (stopped_) return;
  if (!answer) {
    log::Warning("retention", Concat("what is to be moved cannot be found now: ",
                                     answer.error().Text(), "; trying again in a while"));
    Rest(archive);
    return;
  }
  if (answer->left) {
    lane.left = *answer->left;
    lane.count = false;
  }
  if (answer->unsettled) {
    Run(archive, *answer->unsettled, true);
  } else if (answer->next) {
    const Segment& segment = *answer->next;
    Run(archive,
        {.segment_id = segment.id,
         .from_volume_id = segment.volume_id,
         .from_path = segment.rel_path,
         .to_volume_id = context_.volumes.IdOf(archive.uuid()).value_or(0),
         .to_path = segment.rel_path},
        false);
  } else if (lane.again) {
    Ask(archive);
  } else {
    lane.left = 0;
    Rest(archive);
  }
}

void FileMover::Run(VolumeGate& archive, const FileMove& move, bool settle) {
  Lane& lane = lanes_[&archive];
  VolumeGate* from = context_.volumes.Find(move.from_volume_id);
  if (!CanBeUsed(from) || !CanBeUsed(&archive) || move.to_volume_id == 0) {
    Rest(archive);
    return;
  }
  if (!lane.thread) lane.thread = std::make_unique<Worker>("storage-move");
  lane.orders = std::make_shared<Orders>();
  lane.under_way = {from, &archive};
  if (!command_.active()) command_ = Source::Every(kCommandInterval, [this] { Command(); });
  if (!settle) {
    if (!progress_.running) progress_ = {.running = true};
    Tell(false);
  }
  MoveJob job{.move = move,
              .from = from->volume(),
              .to = archive.volume(),
              .with_database =
                  [&context = context_](const MoveJob::DatabaseWork& work) {
                    return AskAndWait(context.database, [&context, &work] {
                      return work(context.catalog, context.cameras);
                    });
                  },
              .pace = {.cancelled = [orders = lane.orders] { return orders->cancelled.load(); },
                       .wait = [orders = lane.orders] { return orders->wait.load(); },
                       .bytes_per_s = context_.bytes_per_s}};
  ronin::Ask(
      *lane.thread, mailbox_,
      [job = std::move(job), settle] {
        BePolite();
        return settle ? SettleMove(job) : MoveFile(job);
      },
      [this, &archive, id = move.segment_id, settle](const Result<Moved>& moved) {
        Done(archive, id, settle, moved);
      });
}

void FileMover::Done(VolumeGate& archive, int64_t segment_id, bool settled,
                     const Result<Moved>& moved) {
  Lane& lane = lanes_[&archive];
  const bool cancelled = lane.orders->cancelled;
  lane.thread.reset();  // it has nothing to do any more
  lane.orders.reset();
  lane.under_way.clear();
  if (stopped_) return;
  if (moved && *moved == Moved::kMoved) {
    if (progress_.running) ++progress_.file_count;
    lane.left = std::max<int64_t>(lane.left - 1, 0);
    Tell(false);
  } else if (moved && settled) {
    // Back where it was: it is met again.
  } else if (moved || !cancelled) {
    lane.skipped.insert(segment_id);
    if (!moved) {
      log::Warning("retention", Concat("a recording cannot be moved to ", archive.root(), " now (",
                                       moved.error().Text(), "); trying again in a while"));
    }
  }
  const bool full = !moved && moved.error().kind == ErrorKind::kNoSpace;
  if (cancelled || full || lane.skipped.size() >= kMostFailures) {
    Rest(archive);
  } else {
    Ask(archive);
  }
}

/// Until the next look.
void FileMover::Rest(VolumeGate& archive) {
  lanes_[&archive].count = true;
  const auto works = [](const auto& item) { return item.second.asking || item.second.thread; };
  if (std::ranges::any_of(lanes_, works)) return;
  command_.Cancel();
  if (!progress_.running) return;
  log::Info("retention", Concat(progress_.file_count, " recordings were moved to an archive"));
  progress_.running = false;
  Tell(true);
}

/// Tells the threads what the disks allow.
void FileMover::Command() {
  for (auto& [archive, lane] : lanes_) {
    if (!lane.orders) continue;
    const auto busy = [](const VolumeGate* gate) { return gate->busy(); };
    const auto away = [](const VolumeGate* gate) { return !CanBeUsed(gate); };
    lane.orders->wait = std::ranges::any_of(lane.under_way, busy);
    if (std::ranges::any_of(lane.under_way, away)) lane.orders->cancelled = true;
  }
}

void FileMover::Tell(bool now) {
  const MonoTime time = context_.clock.Mono();
  if (!now && progress_.file_count > 0 && time - told_ < kTellInterval) return;
  told_ = time;
  progress_.left_file_count = 0;
  for (const auto& [archive, lane] : lanes_) {
    progress_.left_file_count = std::max(progress_.left_file_count, lane.left);
  }
  if (context_.on_progress) context_.on_progress(progress_);
}

}  // namespace ronin::retention
