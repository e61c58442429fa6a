// SPDX-License-Identifier: MIT
#include "retention/sweeper.h"

#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 500ms;
constexpr auto kReadAgain = 1s;
constexpr Micros kTellAgain = 10min;
constexpr size_t kPreviews = 4;
constexpr const char* kClockKey = "retention.clock";
constexpr const char* kLastRunKey = "retention.last_run";

}  // namespace

Sweeper::Sweeper(const Context& context, Hooks hooks)
    : context_(context),
      hooks_(std::move(hooks)),
      guard_(context.clock, context.clock_is_synchronised),
      needs_(context.clock, context.volumes, context.free_space),
      troubles_(context.volumes, hooks_.alarm),
      planner_(Planner::Context{context.config, context.catalog, context.database, cancelled_}),
      sweep_({.files = {.catalog = context.catalog,
                        .database = context.database,
                        .volumes = context.volumes,
                        .open_paths = context.open_paths,
                        .served = context.served,
                        .patience = context.patience},
              .ledger = *context.config.ledger,
              .planner = planner_,
              .needs = needs_,
              .clock = context.clock,
              .situation = [this] { return Now(); }},
             {.progress = hooks_.progress, .ended = [this](const Status& done) { Ended(done); }}) {}

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
  sweep_.Stop();
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
  needs_.SetLimits(stored->limits);
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
  if (ready_ && !stopped_) every_ = Source::Every(interval, [this] { RunOnce(); });
}

void Sweeper::Run() {
  RONIN_ASSERT_MAIN_THREAD();
  sweep_.TryAgain();
  RunOnce();
}

void Sweeper::RunOnce() {
  if (!ready_ || stopped_) return;
  if (sweep_.running()) {
    again_ = true;
  } else {
    Begin(true);
  }
}

void Sweeper::LimitsChanged(const Limits& limits) {
  needs_.SetLimits(limits);
  Run();
}

void Sweeper::VolumesChanged() {
  if (ready_ && !stopped_) Look();
}

void Sweeper::Look() {
  LookAtClock();
  needs_.Look();
  TellTroubles();
  if (!sweep_.running() && needs_.AnyIsLow()) Begin(false);
}

void Sweeper::LookAtClock() {
  const bool was_held = guard_.held().has_value();
  if (!guard_.Look()) return;
  StoreClock();
  if (was_held && !guard_.held()) RunOnce();
}

void Sweeper::StoreClock() {
  const auto& held = guard_.held();
  hooks_.alarm(AlarmKind::kRetentionHeld, 0, held ? held->sentence : "");
  Store(kClockKey, guard_.ToText());
}

void Sweeper::ConfirmClock() {
  if (!guard_.held()) return;
  guard_.Confirm();
  log::Info("retention", "the clock was confirmed; old recordings are deleted again");
  StoreClock();
  Run();
}

std::optional<WallTime> Sweeper::TrustedTime() {
  if (!ready_) return std::nullopt;
  LookAtClock();
  if (guard_.held()) return std::nullopt;
  return guard_.Now();
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

Situation Sweeper::Now() const {
  return {.now = guard_.Now(),
          .clock_is_trusted = !guard_.held(),
          .mistakes = guard_.Mistakes(),
          .volumes = needs_.Now(),
          .spared = {}};
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
  sweep_.Begin();
  if (asked_) hooks_.progress(sweep_.progress());
}

void Sweeper::Ended(const Status& done) {
  if (stopped_) return;
  const Progress& progress = sweep_.progress();
  const bool news = asked_ || progress.deleted.files > 0;
  if (news) last_run_ = LastRun{context_.clock.Now(), progress.deleted};
  if (progress.deleted.files > 0) {
    TellDeleted(progress.deleted);
    Store(kLastRunKey, TextOf(*last_run_));
  }
  troubles_.SetShort(sweep_.short_volumes());
  TellTroubles();
  if (news) hooks_.progress(progress);
  if (done) {
    KeepSpareRoom();
    if (again_) Begin(true);
  } else if (done.error().kind == ErrorKind::kNoSpace) {
    GiveDatabasesRoom();
  }
}

/// Their disk is full, too, perhaps with the very recordings that are to go.
void Sweeper::GiveDatabasesRoom() {
  if (context_.spare_room == nullptr) return;
  Ask(
      context_.database, mailbox_, [room = context_.spare_room] { return room->GiveUp(); },
      [this](bool given) {
        if (given) RunOnce();
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

/// On a disk that is always nearly full there is a run every few seconds.
void Sweeper::TellDeleted(const Amount& deleted) {
  untold_.files += deleted.files;
  untold_.size_bytes += deleted.size_bytes;
  const MonoTime now = context_.clock.Mono();
  if (told_at_ && now - *told_at_ < kTellAgain) return;
  told_at_ = now;
  const Amount told = std::exchange(untold_, {});
  log::Info("retention",
            Concat("deleted ", told.files, " old recordings, ", told.size_bytes >> 20, " MiB"));
}

/// Of a run under way it is not known yet how it ends.
void Sweeper::TellTroubles() {
  if (!sweep_.running()) troubles_.SetStuck(needs_.Futile(), sweep_.stuck().Reasons());
}

}  // namespace ronin::retention
