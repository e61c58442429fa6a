// SPDX-License-Identifier: MIT
#include "retention/sweeper.h"

#include <algorithm>
#include <utility>

#include "base/ask.h"
#include "base/json.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "storage/segment_path.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr size_t kChunk = 200;       // of a plan; the next one sees what has changed meanwhile
constexpr size_t kFilesAtOnce = 20;  // so few that recording to the same disk does not wait
constexpr auto kLook = 500ms;
constexpr auto kReadAgain = 1s;
constexpr Micros kFutile = 2s;
constexpr Micros kNoUse = 30s;
constexpr Micros kTellAgain = 10min;
constexpr size_t kPreviews = 4;
constexpr const char* kClockKey = "retention.clock";
constexpr const char* kLastRunKey = "retention.last_run";

/// The ledger says that they were deleted; before they are, so that a crash keeps it.
Status Explain(LedgerStore& ledger, const std::vector<Segment>& segments) {
  std::map<StreamId, std::pair<WallTime, WallTime>> spans;
  for (const Segment& segment : segments) {
    const WallTime end = segment.end.value_or(segment.start);
    const auto [span, is_new] = spans.try_emplace(StreamId(segment.camera_id, segment.stream),
                                                  std::pair(segment.start, end));
    if (is_new) continue;
    span->second.first = std::min(span->second.first, segment.start);
    span->second.second = std::max(span->second.second, end);
  }
  std::vector<DeletedSpan> out;
  for (const auto& [stream, span] : spans) out.push_back({stream, span.first, span.second});
  return ledger.AddDeleted(out);
}

/// What is marked, explained. On the databases' thread.
Result<std::vector<Segment>> Explained(LedgerStore& ledger, Result<std::vector<Segment>> marked) {
  if (!marked) return marked;
  if (auto done = Explain(ledger, *marked); !done) return Fail(std::move(done.error()));
  return marked;
}

std::optional<Sweeper::LastRun> LastRunFrom(const std::string& text) {
  const auto value = JsonValue::Parse(text);
  if (!value) return std::nullopt;
  const auto number = [&](const char* name) {
    const auto member = value->Member(name);
    return member ? member->AsInt().value_or(0) : 0;
  };
  return Sweeper::LastRun{FromMicros(number("at_us")), {number("files"), number("size_bytes")}};
}

std::string TextOf(const Sweeper::LastRun& run) {
  JsonWriter json;
  json.Object().Key("at_us").Int(ToMicros(run.at)).Key("files").Int(run.deleted.files);
  return json.Key("size_bytes").Int(run.deleted.size_bytes).End().Text();
}

}  // namespace

Sweeper::Sweeper(const Context& context, Hooks hooks)
    : context_(context),
      hooks_(std::move(hooks)),
      guard_(context.clock, context.clock_is_synchronised),
      planner_(Planner::Context{context.config, context.catalog, context.database, cancelled_}) {}

Sweeper::~Sweeper() { Stop(); }

void Sweeper::Start() {
  RONIN_ASSERT_MAIN_THREAD();
  Read();
}

void Sweeper::Stop() {
  stopped_ = true;
  cancelled_ = true;
  every_.Cancel();
  look_.Cancel();
  read_again_.Cancel();
  patience_.Cancel();
}

void Sweeper::Read() {
  Ask(
      context_.database, mailbox_,
      [&config = context_.config, &catalog = context_.catalog]() -> Result<Stored> {
        const auto limits = ReadLimits(*config.settings);
        if (!limits) return Fail(limits.error());
        const auto clock = config.settings->Get(kClockKey);
        if (!clock) return Fail(clock.error());
        const auto last = config.settings->Get(kLastRunKey);
        if (!last) return Fail(last.error());
        const auto newest = catalog.NewestStart();
        if (!newest) return Fail(newest.error());
        return Stored{*limits, clock->value_or(""), last->value_or(""), *newest};
      },
      [this](Result<Stored> stored) { Restored(std::move(stored)); });
}

void Sweeper::Restored(Result<Stored> stored) {
  if (stopped_) return;
  if (!stored) {
    log::Warning("retention", Concat("nothing is deleted yet, as the databases cannot be read (",
                                     stored.error().Text(), "); trying again"));
    read_again_ = Source::After(kReadAgain, [this] { Read(); });
    return;
  }
  limits_ = stored->limits;
  guard_.Restore(stored->clock);
  guard_.StartsAfter(context_.seen ? context_.seen : stored->newest);
  last_run_ = LastRunFrom(stored->last_run);
  ready_ = true;
  guard_.Look();
  if (guard_.held()) StoreClock();
  look_ = Source::Every(kLook, [this] { Look(); });
  SetInterval(context_.interval);
  Run();
}

void Sweeper::SetInterval(std::chrono::milliseconds interval) {
  if (ready_ && !stopped_) every_ = Source::Every(interval, [this] { Run(); });
}

void Sweeper::Run() {
  RONIN_ASSERT_MAIN_THREAD();
  if (!ready_ || stopped_) return;
  if (progress_.running) {
    again_ = true;
  } else {
    Begin(true);
  }
}

void Sweeper::LimitsChanged(const Limits& limits) {
  limits_ = limits;
  Run();
}

void Sweeper::VolumesChanged() {
  if (ready_ && !stopped_) Look();
}

void Sweeper::Look() {
  LookAtClock();
  const MonoTime now = context_.clock.Mono();
  for (const auto& gate : context_.volumes.all()) {
    if (gate->state() == VolumeState::kOk || gate->state() == VolumeState::kFull) {
      free_.Look(*gate, now);
    }
  }
  if (!progress_.running && AnyIsLow()) Begin(false);
}

void Sweeper::LookAtClock() {
  const bool was_held = guard_.held().has_value();
  if (!guard_.Look()) return;
  StoreClock();
  if (was_held && !guard_.held()) Run();
}

void Sweeper::StoreClock() {
  const auto& held = guard_.held();
  if (held) log::Warning("retention", held->sentence);
  Alarm(AlarmKind::kRetentionHeld, 0, held ? held->sentence : "");
  Store(kClockKey, guard_.ToText());
}

void Sweeper::ConfirmClock() {
  if (!guard_.held()) return;
  guard_.Confirm();
  log::Info("retention", "the clock was confirmed; old recordings are deleted again");
  StoreClock();
  Run();
}

bool Sweeper::TrustsClock() {
  if (!ready_) return false;
  LookAtClock();
  return !guard_.held();
}

void Sweeper::Store(const char* key, std::string text) {
  context_.database.Post([&store = *context_.config.settings, key, text = std::move(text),
                          now = context_.clock.Now()] {
    if (const auto done = store.Set(key, text, now); !done) {
      log::Warning("retention",
                   Concat("what is known of deletion cannot be stored: ", done.error().Text()));
    }
  });
}

bool Sweeper::IsLow(const VolumeGate& gate) const {
  const FreeSpace space = free_.SpaceOf(gate);
  const Reserve reserve = ReserveOf(limits_, space, free_.WriteRate(gate));
  return int64_t(space.free_bytes) < reserve.low_bytes ||
         int64_t(space.free_files) < reserve.low_files;
}

uint64_t Sweeper::FloorOf(const VolumeGate& gate) const {
  return uint64_t(ReserveOf(limits_, gate.space(), 0).floor_bytes);
}

bool Sweeper::AnyIsLow() const {
  const MonoTime now = context_.clock.Mono();
  return std::ranges::any_of(context_.volumes.all(), [&](const auto& gate) {
    const auto id = context_.volumes.CatalogId(*gate);
    if (!id || !CanDelete(*gate) || !IsLow(*gate)) return false;
    const auto resting = resting_.find(*id);
    return resting == resting_.end() || resting->second < now;
  });
}

bool Sweeper::CanDelete(const VolumeGate& gate) const {
  return gate.state() == VolumeState::kOk || gate.state() == VolumeState::kFull;
}

/// Whether much was deleted on a volume and next to nothing became free: somebody else takes it at
/// once, or the file system is slow to give it back. Going on would cost all recordings.
bool Sweeper::HelpsNot(const VolumeGate& gate, int64_t volume_id) {
  const FreeSpace space = free_.SpaceOf(gate);
  const auto free_now = int64_t(space.free_bytes);
  const Effort& effort =
      efforts_.try_emplace(volume_id, Effort{.free_before = free_now}).first->second;
  const Reserve reserve = ReserveOf(limits_, space, free_.WriteRate(gate));
  const int64_t much = std::max(4 * reserve.goal_bytes, int64_t(space.total_bytes) / 50);
  if (!IsLow(gate) || effort.deleted_bytes < much) return false;
  if (free_now - effort.free_before > effort.deleted_bytes / 4) return false;
  log::Warning("retention", Concat("deleting recordings makes no room on ", gate.root(),
                                   ": something else fills it; waiting a moment"));
  resting_[volume_id] = context_.clock.Mono() + kNoUse;
  return true;
}

Situation Sweeper::Now() {
  Situation out{.now = guard_.Now(),
                .clock_is_trusted = !guard_.held(),
                .mistakes = guard_.Mistakes(),
                .volumes = {},
                .spared = {}};
  for (const auto& gate : context_.volumes.all()) {
    const auto id = context_.volumes.CatalogId(*gate);
    if (!id || !CanDelete(*gate)) continue;
    out.volumes.push_back({*id, free_.SpaceOf(*gate), free_.WriteRate(*gate)});
  }
  return out;
}

bool Sweeper::Foretell(WhatIf what_if, std::function<void(Result<Preview>)> done) {
  if (stopped_ || previews_.depth() >= kPreviews) return false;
  Ask(
      previews_, mailbox_,
      [&planner = planner_, situation = Now(), what_if = std::move(what_if)] {
        return planner.Foretell(situation, what_if);
      },
      std::move(done));
  return true;
}

/// @param asked  else it was begun by a volume that is low, and is told of only when it deletes
void Sweeper::Begin(bool asked) {
  again_ = false;
  asked_ = asked;
  counted_ = false;
  bad_volumes_.clear();
  spared_.clear();
  short_.clear();
  efforts_.clear();
  progress_ = {.running = true, .deleted = {}, .left_files = 0};
  if (asked_) hooks_.progress(progress_);
  FinishMarked(0);
}

/// What a crash left, or a disk that was away.
void Sweeper::FinishMarked(int64_t after) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, &ledger = *context_.config.ledger, after] {
        return Explained(ledger, catalog.Doomed(after, int(kChunk)));
      },
      [this](Result<std::vector<Segment>> marked) {
        if (!marked) {
          Failed(marked.error());
        } else if (marked->empty()) {
          NextChunk();
        } else {
          const int64_t last = marked->back().id;
          Marked(std::move(*marked), [this, last] { FinishMarked(last); });
        }
      });
}

void Sweeper::NextChunk() {
  if (stopped_) return;
  Situation situation = Now();
  situation.spared = spared_;
  std::erase_if(situation.volumes, [this](const VolumeNow& volume) {
    const VolumeGate* gate = context_.volumes.Find(volume.id);
    return gate == nullptr || bad_volumes_.contains(volume.id) || HelpsNot(*gate, volume.id);
  });
  Ask(
      thread_, mailbox_,
      [&planner = planner_, situation = std::move(situation)] {
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

void Sweeper::Planned(Plan plan) {
  chunk_ = std::move(plan.deletions);
  next_ = 0;
  for (const Deletion& deletion : chunk_) {
    if (deletion.why == Why::kShortSpace) short_.insert(deletion.lane.volume_id);
  }
  if (plan.verdict.all) short_.insert(plan.verdict.too_full.begin(), plan.verdict.too_full.end());
  if (chunk_.empty()) {
    End();
  } else if (plan.verdict.all) {
    progress_.left_files = int64_t(chunk_.size());
    counted_ = true;
    NextBatch();
  } else if (!counted_ && !AnyIsLow()) {
    CountLeft();
  } else {
    NextBatch();
  }
}

/// Only to say how far it is.
void Sweeper::CountLeft() {
  counted_ = true;
  Ask(
      thread_, mailbox_,
      [&planner = planner_, situation = Now()] { return planner.Count(situation); },
      [this](const Result<Amount>& amount) {
        if (amount) progress_.left_files = amount->files;
        NextBatch();
      });
}

void Sweeper::NextBatch() {
  if (stopped_) return;
  if (next_ == chunk_.size()) {
    NextChunk();
    return;
  }
  std::vector<int64_t> ids;
  while (next_ < chunk_.size() && ids.size() < kFilesAtOnce) {
    ids.push_back(chunk_[next_++].segment.id);
  }
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, &ledger = *context_.config.ledger, ids = std::move(ids)] {
        return Explained(ledger, catalog.Doom(ids));
      },
      [this](Result<std::vector<Segment>> marked) {
        if (marked) {
          Marked(std::move(*marked), [this] { NextBatch(); });
        } else {
          Failed(marked.error());
        }
      });
}

/// Sorts them by volume, and deletes them; those that cannot go now keep their row, and those that
/// are in use lose the mark.
void Sweeper::Marked(std::vector<Segment> segments, std::function<void()> then) {
  std::vector<int64_t> in_use;
  after_batches_ = std::move(then);
  for (const Segment& segment : segments) {
    const VolumeGate* gate = context_.volumes.Find(segment.volume_id);
    if (gate == nullptr || !CanDelete(*gate) || bad_volumes_.contains(segment.volume_id)) continue;
    const std::string path = gate->volume().PathOf(segment.rel_path);
    if (context_.open_paths.Contains(path) || context_.served.Contains(path) ||
        !SegmentPath::Parse(segment.rel_path)) {
      spared_.insert(segment.id);
      in_use.push_back(segment.id);
      continue;
    }
    auto batch = std::find_if(batches_.begin(), batches_.end(), [&](const Batch& one) {
      return one.volume_id == segment.volume_id && one.files.size() < kFilesAtOnce;
    });
    if (batch == batches_.end()) batch = batches_.insert(batch, Batch{segment.volume_id, {}, {}});
    batch->files.push_back({segment.id, segment.rel_path});
    batch->sizes[segment.id] = segment.state == SegmentState::kMissing ? 0 : segment.size_bytes;
  }
  if (in_use.empty()) {
    DeleteNext();
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, in_use = std::move(in_use)] { return catalog.Spare(in_use); },
      [this](const Status& done) {
        if (done) {
          DeleteNext();
        } else {
          Failed(done.error());
        }
      });
}

void Sweeper::DeleteNext() {
  if (stopped_) return;
  patience_.Cancel();
  if (batches_.empty()) {
    std::exchange(after_batches_, {})();
    return;
  }
  Batch batch = std::move(batches_.front());
  batches_.erase(batches_.begin());
  VolumeGate* gate = context_.volumes.Find(batch.volume_id);
  if (gate == nullptr || bad_volumes_.contains(batch.volume_id)) {
    DeleteNext();
    return;
  }
  const unsigned number = ++number_;
  patience_ = Source::After(context_.patience, [this, id = batch.volume_id, root = gate->root()] {
    log::Warning("retention", Concat("deleting on ", root, " takes long; others come first"));
    bad_volumes_.insert(id);
    ++number_;  // its answer, if it comes, only counts as far as it goes
    DeleteNext();
  });
  Ask(
      gate->write_worker(), mailbox_,
      [volume = gate->volume(), files = batch.files] {
        auto gone = DeleteFiles(volume, files);
        return Deleted{std::move(gone), volume.Space()};
      },
      [this, batch, number](const Deleted& deleted) { Gone(batch, number, deleted); });
}

void Sweeper::Gone(const Batch& batch, unsigned number, const Deleted& deleted) {
  VolumeGate* gate = context_.volumes.Find(batch.volume_id);
  if (gate != nullptr && deleted.space) {
    free_.Measured(*gate, *deleted.space, context_.clock.Mono());
  }
  if (!deleted.gone) {
    log::Warning("retention", Concat("old recordings cannot be deleted now (",
                                     deleted.gone.error().Text(), "); trying again later"));
    bad_volumes_.insert(batch.volume_id);
    if (number == number_) DeleteNext();
    return;
  }
  // It waits for room, perhaps.
  if (gate != nullptr && gate->state() == VolumeState::kFull) gate->Recheck([] {});
  for (const int64_t id : *deleted.gone) {
    const int64_t size = batch.sizes.at(id);
    progress_.deleted.size_bytes += size;
    efforts_[batch.volume_id].deleted_bytes += size;
  }
  const auto files = int64_t(deleted.gone->size());
  progress_.deleted.files += files;
  progress_.left_files = std::max<int64_t>(progress_.left_files - files, 0);
  Drop(*deleted.gone, number);
}

void Sweeper::Drop(std::vector<int64_t> gone, unsigned number) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, gone = std::move(gone)] { return catalog.ForgetAll(gone); },
      [this, number](const Status& done) {
        if (number != number_) return;
        if (!done) {
          Failed(done.error());
          return;
        }
        hooks_.progress(progress_);
        DeleteNext();
      });
}

/// A database failed; what is marked is finished by the next run.
void Sweeper::Failed(const Error& error) {
  if (stopped_) return;
  log::Warning("retention", Concat("old recordings cannot be deleted now (", error.Text(),
                                   "); trying again in a while"));
  batches_.clear();
  chunk_.clear();
  again_ = false;
  End();
  if (error.kind == ErrorKind::kNoSpace) GiveDatabasesRoom();
}

/// Their disk is full, too, perhaps with the very recordings that are to go.
void Sweeper::GiveDatabasesRoom() {
  if (context_.spare_room == nullptr) return;
  Ask(
      context_.database, mailbox_, [room = context_.spare_room] { return room->GiveUp(); },
      [this](bool given) {
        if (given) Run();
      });
}

void Sweeper::KeepSpareRoom() {
  if (context_.spare_room == nullptr) return;
  context_.database.Post([room = context_.spare_room] {
    if (const auto kept = room->Keep(); !kept) {
      log::Debug("retention", Concat("no room is kept for the databases: ", kept.error().Text()));
    }
  });
}

void Sweeper::End() {
  patience_.Cancel();
  progress_.running = false;
  progress_.left_files = 0;
  const bool news = asked_ || progress_.deleted.files > 0;
  if (news) last_run_ = LastRun{context_.clock.Now(), progress_.deleted};
  if (progress_.deleted.files > 0) {
    TellDeleted();
    Store(kLastRunKey, TextOf(*last_run_));
  }
  Rest();
  KeepSpareRoom();
  TellShort();
  if (news) hooks_.progress(progress_);
  if (again_ && !stopped_) Begin(true);
}

/// On a disk that is always nearly full there is a run every few seconds.
void Sweeper::TellDeleted() {
  untold_.files += progress_.deleted.files;
  untold_.size_bytes += progress_.deleted.size_bytes;
  const MonoTime now = context_.clock.Mono();
  if (told_at_ && now - *told_at_ < kTellAgain) return;
  told_at_ = now;
  const Amount told = std::exchange(untold_, {});
  log::Info("retention",
            Concat("deleted ", told.files, " old recordings, ", told.size_bytes >> 20, " MiB"));
}

/// A volume that is low all the same is not looked at again at once.
void Sweeper::Rest() {
  const MonoTime now = context_.clock.Mono();
  for (const auto& gate : context_.volumes.all()) {
    const auto id = context_.volumes.CatalogId(*gate);
    if (!id) continue;
    if (IsLow(*gate)) {
      MonoTime& until = resting_[*id];
      until = std::max(until, now + kFutile);
    } else {
      resting_.erase(*id);
    }
  }
}

void Sweeper::TellShort() {
  for (const int64_t id : short_) {
    const VolumeGate* gate = context_.volumes.Find(id);
    if (gate == nullptr) continue;
    const std::string sentence = Concat(
        "The disk of ", gate->root(),
        " is too small for what is to be kept: recordings go that their cameras were to keep, or "
        "there is nothing left that may go. Make room, or keep less.");
    if (!told_short_.contains(id)) log::Warning("retention", sentence);
    Alarm(AlarmKind::kRetentionShort, id, sentence);
  }
  for (const int64_t id : std::exchange(told_short_, short_)) {
    if (!short_.contains(id)) Alarm(AlarmKind::kRetentionShort, id, "");
  }
}

void Sweeper::Alarm(AlarmKind kind, int64_t volume_id, const std::string& sentence) const {
  if (hooks_.alarm) hooks_.alarm(kind, volume_id, sentence);
}

}  // namespace ronin::retention
