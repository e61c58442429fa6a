// SPDX-License-Identifier: MIT
#include "api/live_viewer.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMostQueued = 2 * 1024 * 1024;  // in the socket
constexpr uint64_t kMostMessage = 1'400'000;     // of several chunks
constexpr uint64_t kMostHeld = 1'500'000;        // new chunks of one channel
constexpr uint64_t kMostHeldOfAll = 4 * 1024 * 1024;
constexpr auto kMostWait = 2s;
constexpr auto kGiveUp = 60s;    // without any acknowledgement
constexpr auto kTryAgain = 10s;  // who is slow again so soon waits for the next keyframe

uint64_t SizeOf(const live::Chunk& chunk) { return g_bytes_get_size(chunk.bytes.Get()); }

}  // namespace

struct LiveViewer::Leg final : live::FeedListener {
  Leg(LiveViewer& to, StreamId of) : viewer(to), stream(of) {}

  void OnInit(const live::Init& fresh) override { viewer.InitCame(*this, fresh); }
  void OnChunks(std::span<const live::Chunk> chunks) override { viewer.ChunksCame(*this, chunks); }
  void OnEnd(const live::FeedEnd& end) override { viewer.EndCame(*this, end); }

  LiveViewer& viewer;
  const StreamId stream;
  std::optional<live::Init> init;
  bool init_due = false;  // it is not sent yet
  bool burst = false;     // the chunks that come next are the GOP that it begins with
  live::Subscription subscription;
};

LiveViewer::LiveViewer(LiveOut& out, uint32_t channel) : out_(out), channel_(channel) {}

LiveViewer::~LiveViewer() { Forget(); }

void LiveViewer::Watch(StreamId stream, const Subscribe& subscribe) {
  window_.Restart();
  next_ = std::make_unique<Leg>(*this, stream);
  next_->subscription = subscribe(*next_);
  // What is shown goes on until there is something to show in its place.
  if (!shown_ || !shown_->init) Switch();
}

void LiveViewer::InitCame(Leg& leg, const live::Init& init) {
  leg.burst = true;
  if (leg.init && leg.init->bytes.Get() == init.bytes.Get()) return;  // as it was
  leg.init = init;
  leg.init_due = true;
  // What was not sent of the stream before belongs to another init segment.
  if (&leg == shown_.get()) MoveOn();
}

void LiveViewer::ChunksCame(Leg& leg, std::span<const live::Chunk> chunks) {
  const bool burst = std::exchange(leg.burst, false);
  if (&leg == next_.get()) Switch();
  if (accounted_ == 0) accounted_ = chunks.front().number - 1;
  const bool again = std::exchange(again_, false) && burst;
  if (again && MayGoOn()) {
    may_try_again_ = out_.clock.Mono() + kTryAgain;
    const bool whole = !leg.init_due && chunks.front().number <= accounted_ + 1 &&
                       chunks.back().number >= accounted_;
    if (whole) {
      // Nothing is lost: it goes on where it stopped.
      moving_on_ = false;
      dropped_from_ = {};
      chunks = chunks.subspan(size_t(accounted_ + 1 - chunks.front().number));
    }
  }
  // A hole in the numbers means that this process was too slow; a keyframe follows it.
  const uint64_t last = waiting_.empty() ? accounted_ : waiting_.back().chunk.number;
  if (!chunks.empty() && chunks.front().number != last + 1) MoveOn();
  if (moving_on_) chunks = GoOn(chunks);
  for (const live::Chunk& chunk : chunks) Queue(chunk, burst);
  Pump();
  if (Overdue()) MoveOn();
}

/// From the stream that is shown, if there is one, to the next.
void LiveViewer::Switch() {
  shown_ = std::move(next_);
  Forget();
  moving_on_ = true;  // it begins with a keyframe
  again_ = false;
  accounted_ = 0;
  dropped_from_ = {};
}

/// What is to be sent of these, after frames were left out: from a keyframe on, when the viewer is
/// ready for that. It is told at each keyframe, whether it goes on there or not.
std::span<const live::Chunk> LiveViewer::GoOn(std::span<const live::Chunk> chunks) {
  for (size_t i = 0; i < chunks.size(); ++i) {
    if (chunks[i].number <= accounted_) continue;
    if (dropped_from_ == WallTime{}) dropped_from_ = chunks[i].taken;
    if (!chunks[i].key) continue;
    TellDropped(chunks[i]);
    if (!MayGoOn()) continue;
    moving_on_ = false;
    return chunks.subspan(i);
  }
  return {};
}

void LiveViewer::TellDropped(const live::Chunk& next) {
  const uint64_t frames = next.number - accounted_ - 1;
  accounted_ = next.number - 1;
  const WallTime from = std::exchange(dropped_from_, {});
  if (frames == 0) return;
  out_.socket.SendText(DroppedText(
      channel_, {.frames = frames, .from = std::min(from, next.taken), .to = next.taken}));
}

void LiveViewer::SendInit() {
  if (!std::exchange(shown_->init_due, false)) return;
  const live::Init& init = *shown_->init;
  out_.socket.SendText(InitText(channel_, shown_->stream, init, out_.clock.Now()));
  out_.socket.SendBinary(out_.messages.Make(channel_, {&init.bytes, 1}));
  window_.Sent(g_bytes_get_size(init.bytes.Get()), out_.clock.Mono());
}

void LiveViewer::Queue(const live::Chunk& chunk, bool burst) {
  if (!burst) {
    held_ += SizeOf(chunk);
    out_.held += SizeOf(chunk);
  }
  waiting_.push_back({chunk, out_.clock.Mono(), burst});
}

bool LiveViewer::MayGoOn() const { return window_.Open(out_.clock.Mono()); }

bool LiveViewer::MaySend() const {
  return MayGoOn() && out_.socket.open() && out_.socket.queued_bytes() < kMostQueued;
}

/// Sends what the client has room for, as few messages.
void LiveViewer::Pump() {
  while (!waiting_.empty() && MaySend()) {
    SendInit();
    std::vector<GRef<GBytes>> parts;
    uint64_t bytes = 0;
    while (!waiting_.empty()) {
      const Waiting& first = waiting_.front();
      const uint64_t size = SizeOf(first.chunk);
      if (bytes > 0 && bytes + size > kMostMessage) break;
      bytes += size;
      if (!first.burst) {
        held_ -= size;
        out_.held -= size;
      }
      accounted_ = first.chunk.number;
      parts.push_back(std::move(waiting_.front().chunk.bytes));
      waiting_.pop_front();
    }
    out_.socket.SendBinary(out_.messages.Make(channel_, parts));
    window_.Sent(bytes, out_.clock.Mono());
  }
}

bool LiveViewer::Overdue() const {
  const MonoTime now = out_.clock.Mono();
  if (window_.Late(now)) return true;
  return !waiting_.empty() && (now - waiting_.front().since > kMostWait || held_ > kMostHeld ||
                               out_.held > kMostHeldOfAll);
}

/// Leaves out what waits, and goes on at a keyframe.
void LiveViewer::MoveOn() {
  if (!waiting_.empty() && dropped_from_ == WallTime{}) {
    dropped_from_ = waiting_.front().chunk.taken;
  }
  Forget();
  moving_on_ = true;
}

void LiveViewer::Forget() {
  waiting_.clear();
  out_.held -= std::exchange(held_, 0);
}

/// The viewer is back: it gets the GOP that the stream is in, unless it was slow a moment ago.
void LiveViewer::TryAgain() {
  const MonoTime now = out_.clock.Mono();
  if (again_ || now < may_try_again_ || !MayGoOn() || !shown_->init) return;
  again_ = true;
  shown_->subscription.Restart();
}

void LiveViewer::Acked(uint64_t bytes) {
  window_.Acked(bytes);
  Pump();
  if (moving_on_) TryAgain();
}

void LiveViewer::Look() {
  Pump();
  if (Overdue()) MoveOn();
  if (moving_on_) TryAgain();
  if (over_ || window_.Age(out_.clock.Mono()) < kGiveUp) return;
  EndCame(*shown_,
          {"too_slow", "The viewer has not acknowledged anything for a minute; subscribe again.",
           true});
}

void LiveViewer::EndCame(Leg& leg, const live::FeedEnd& end) {
  out_.socket.SendText(EndedText(channel_, leg.stream, end));
  // The leg itself ends later: this may be called by it.
  if (end.final && &leg == shown_.get()) over_ = true;
}

}  // namespace ronin::api
