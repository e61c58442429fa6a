// SPDX-License-Identifier: MIT
#include "recording/ledger.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "recording/gap_cause.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 1s;
constexpr auto kLostWait = 500ms;
constexpr Micros kBeat = 10s;
constexpr Micros kClockStep = 2s;
constexpr Micros kToldOf = 30s;  // longer than the queues in front of the disk
constexpr Micros kTrim = 1h;
constexpr Micros kComplain = 1min;
constexpr int64_t kGapsPerStream = 100'000;
// A slice of the database thread: others wait for it, too.
constexpr int kWritesAtOnce = 16;

/// Whether it may work later.
bool MayPass(const Error& error) {
  return error.kind == ErrorKind::kNoSpace || error.kind == ErrorKind::kUnavailable ||
         error.kind == ErrorKind::kTimeout || error.kind == ErrorKind::kPermission;
}

}  // namespace

/// What waits for the database, in order. Belongs to its thread, but for waits().
class Ledger::Writes {
 public:
  Writes(LedgerStore& store, std::function<void(const Error&)> complain)
      : store_(store), complain_(std::move(complain)) {}

  void Take(Job job) {
    waiting_.push_back(std::move(job));
    if (waiting_.size() > kMost) waiting_.pop_front();
    TryAll();
  }

  /// Nothing overtakes what waits.
  void TryOnce(const Job& job) {
    if (!waits_) Try(job);
  }

  /// Some of what waits. Whether it got on, and there is more to do.
  bool TryAll() {
    int done = 0;
    for (; done < kWritesAtOnce && !waiting_.empty() && Try(waiting_.front()); ++done) {
      waiting_.pop_front();
    }
    waits_ = !waiting_.empty();
    return waits_ && done == kWritesAtOnce;
  }

  /// Any thread.
  bool waits() const { return waits_; }

 private:
  /// False: it may work later.
  bool Try(const Job& job) {
    const auto done = job(store_);
    if (!done) complain_(done.error());
    return done || !MayPass(done.error());
  }

  LedgerStore& store_;
  const std::function<void(const Error&)> complain_;
  std::deque<Job> waiting_;
  std::atomic<bool> waits_{false};
};

Ledger::Ledger(const Context& context, LastRun last, const std::string& boot_id)
    : context_(context),
      last_(std::move(last)),
      started_(context.clock.Now()),
      boot_id_(boot_id),
      time_off_(last_.last ? CauseOfTimeOff(*last_.last, boot_id) : GapCause()),
      epoch_(last_.clock_epoch),
      tick_wall_(started_),
      tick_mono_(context.clock.Mono()),
      beat_(tick_mono_),
      trimmed_(tick_mono_),
      writes_(std::make_shared<Writes>(context.store,
                                       [sender = mailbox_.sender(), this](const Error& error) {
                                         sender.Post([this, error] { Complain(error); });
                                       })) {
  for (const GapRecord& gap : last_.lasting) lasting_.insert_or_assign(gap.stream_id(), gap);
  tick_ = Source::Every(kTick, [this] { Tick(); });
}

Ledger::~Ledger() = default;

void Ledger::Start() {
  RONIN_ASSERT_MAIN_THREAD();
  Write([id = last_.next_id, boot_id = boot_id_, started = started_](LedgerStore& store) {
    return store.BeginRun(id, boot_id, started);
  });
}

void Ledger::Expect(StreamId stream, WallTime created, const std::optional<GapCause>& unwanted) {
  RONIN_ASSERT_MAIN_THREAD();
  const auto [at, is_new] = streams_.try_emplace(stream);
  if (!is_new || stopped_) return;
  State& state = at->second;
  const auto before = lasting_.extract(stream);
  if (!before.empty() && unwanted && before.mapped().cause == *unwanted) {
    // It was switched off and still is, whatever the recorder did meanwhile.
    state = {before.mapped().start, *unwanted};
    return;
  }
  if (last_.last && created < started_) {
    Begin(stream, state, std::min(std::max(last_.last->alive, created), started_), time_off_);
  } else {
    Begin(stream, state, std::max(created, started_), {GapReason::kCamera, "connecting"});
  }
  if (unwanted) Missing(stream, context_.clock.Now(), *unwanted);
}

void Ledger::Begin(StreamId stream, State& state, WallTime since, const GapCause& cause) {
  state = {since, cause};
  Write([=](LedgerStore& store) { return store.BeginGap(stream, since, cause); });
}

void Ledger::Missing(StreamId stream, WallTime since, const GapCause& cause) {
  RONIN_ASSERT_MAIN_THREAD();
  State& state = streams_[stream];
  if (stopped_ || (state.missing_since && state.cause == cause)) return;
  if (state.missing_since) since = std::max(*state.missing_since, context_.clock.Now());
  Begin(stream, state, since, cause);
}

void Ledger::Recorded(StreamId stream, WallTime first) {
  RONIN_ASSERT_MAIN_THREAD();
  State& state = streams_[stream];
  if (stopped_ || !state.missing_since) return;
  state.missing_since.reset();
  Write([=](LedgerStore& store) { return store.EndGap(stream, first); });
}

void Ledger::Ended(StreamId stream, WallTime end) {
  RONIN_ASSERT_MAIN_THREAD();
  State& state = streams_[stream];
  if (stopped_ || state.missing_since) return;
  Begin(stream, state, end, state.cause);
}

void Ledger::Lost(StreamId stream, WallTime from, WallTime to, const GapCause& cause) {
  RONIN_ASSERT_MAIN_THREAD();
  lost_.push_back({stream.camera_id, stream.kind, from, to, cause, true});
  if (!write_lost_.active()) write_lost_ = Source::After(kLostWait, [this] { WriteLost(); });
}

void Ledger::WriteLost() {
  if (lost_.empty()) return;
  Write([gaps = std::exchange(lost_, {})](LedgerStore& store) { return store.AddGaps(gaps); });
}

void Ledger::Forget(int64_t camera_id) {
  RONIN_ASSERT_MAIN_THREAD();
  for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
    const StreamId stream(camera_id, kind);
    const bool lasted = lasting_.erase(stream) > 0;
    if (streams_.erase(stream) == 0 && !lasted) continue;
    Write([stream, now = context_.clock.Now()](LedgerStore& store) {
      return store.EndGap(stream, now);
    });
  }
}

int64_t Ledger::EpochOf(WallTime recorded) {
  RONIN_ASSERT_MAIN_THREAD();
  LookAtClock();
  // What was recorded just before a step may be told of just after it.
  const Micros age = tick_wall_ - recorded;
  const bool before_step =
      tick_mono_ - stepped_ < kToldOf && std::chrono::abs(age - last_step_) < std::chrono::abs(age);
  return before_step ? epoch_ - 1 : epoch_;
}

void Ledger::LookAtClock() {
  const WallTime wall = context_.clock.Now();
  const MonoTime mono = context_.clock.Mono();
  const WallTime expected = tick_wall_ + (mono - tick_mono_);
  tick_wall_ = wall;
  tick_mono_ = mono;
  if (std::chrono::abs(wall - expected) > kClockStep) ClockStepped(expected, wall);
}

void Ledger::Tick() {
  LookAtClock();
  // Behind what is being tried: a locked database must not get a queue of attempts.
  if (writes_->waits() && context_.database.depth() == 0) TryAgainOn(context_.database, writes_);
  const WallTime wall = tick_wall_;
  const MonoTime mono = tick_mono_;
  if (stopped_) return;
  if (mono - beat_ >= kBeat) {
    beat_ = mono;
    WriteOrSkip([id = last_.next_id, wall](LedgerStore& store) { return store.Beat(id, wall); });
  }
  if (mono - trimmed_ >= kTrim) {
    trimmed_ = mono;
    WriteOrSkip([](LedgerStore& store) { return store.TrimGaps(kGapsPerStream); });
  }
}

void Ledger::ClockStepped(WallTime before, WallTime after) {
  const double seconds = double((after - before).count()) / 1e6;
  log::Warning("recording", Concat("the system's clock was set ", seconds > 0 ? "forward" : "back",
                                   " by ", std::abs(seconds), " s; recorded times follow it"));
  ++epoch_;
  last_step_ = after - before;
  stepped_ = tick_mono_;
  Write(
      [=, epoch = epoch_](LedgerStore& store) { return store.AddClockStep(epoch, before, after); });
  if (after < before) return;
  for (const auto& [id, state] : streams_) {
    // While something is missing anyhow, that is the reason.
    if (state.missing_since) continue;
    Write([gap = GapRecord{id.camera_id, id.kind, before, after, {GapReason::kClock, ""}, false}](
              LedgerStore& store) { return store.AddGap(gap); });
  }
}

void Ledger::Stop() {
  RONIN_ASSERT_MAIN_THREAD();
  if (!stopped_) stopped_ = context_.clock.Now();
}

void Ledger::Close() {
  Stop();
  WriteLost();
  Write([id = last_.next_id, at = *stopped_](LedgerStore& store) { return store.EndRun(id, at); });
  context_.database.Post([writes = writes_] {
    while (writes->TryAll()) {
    }
  });
}

/// A slice at a time, with what others have asked for between them.
void Ledger::TryAgainOn(Worker& database, std::shared_ptr<Writes> writes) {
  database.Post([&database, writes] {
    if (writes->TryAll()) TryAgainOn(database, writes);
  });
}

void Ledger::Write(Job job) {
  context_.database.Post(
      [writes = writes_, job = std::move(job)]() mutable { writes->Take(std::move(job)); });
}

/// What is of no use later.
void Ledger::WriteOrSkip(Job job) {
  context_.database.Post([writes = writes_, job = std::move(job)] { writes->TryOnce(job); });
}

void Ledger::Complain(const Error& error) {
  const MonoTime now = context_.clock.Mono();
  const bool news = !complained_ || now - *complained_ > kComplain;
  log::Write(news ? log::Level::kError : log::Level::kDebug, "recording",
             Concat("why a recording is missing cannot be written down (", error.Text(),
                    "); check the disk of the data folder"));
  if (news) complained_ = now;
}

}  // namespace ronin::recording
