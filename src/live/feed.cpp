// SPDX-License-Identifier: MIT
#include "live/feed.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMostMuxers = 2;  // muxers of one stream that do not end

constexpr auto kCatchUpPoll = 2ms;
constexpr int kMostCatchUpPolls = 50;

/// Of the GOP; the rest is for what waits until main has taken it.
uint64_t LogShare(const camera::MemoryShares& shares) { return shares.feed_chunks / 4 * 3; }

/// Why the camera sends nothing; nothing while it may begin at any moment.
std::optional<FeedEnd> WhyAway(const camera::Camera& camera) {
  switch (camera.status()) {
    case camera::CameraStatus::kOffline: {
      const auto& error = camera.last_error();
      return FeedEnd{error ? error->code : "unreachable",
                     error ? error->message : "The camera is offline."};
    }
    case camera::CameraStatus::kDisabled:
      if (camera.wanted()) return std::nullopt;  // it begins anew
      return FeedEnd{"disabled", "The camera is switched off."};
    default:
      return std::nullopt;
  }
}

}  // namespace

Feed::Feed(const Clock& clock, gst::Reaper& reaper, std::string name,
           const camera::MemoryShares& shares)
    : clock_(clock),
      reaper_(reaper),
      name_(std::move(name)),
      shares_(shares),
      log_(LogShare(shares)) {}

Feed::~Feed() { StopMuxing(); }

Feed::Listening Feed::Add(camera::Camera& camera, FeedListener& listener) {
  RONIN_ASSERT_MAIN_THREAD();
  last_wanted_ = clock_.Mono();
  const Listening id = next_id_++;
  listeners_.push_back({.id = id, .to = &listener});
  if (!taken_) taken_ = camera.Take();
  if (!init_) end_ = WhyAway(camera);
  Mux();
  mailbox_.Post([this, id] { Welcome(id); });
  return id;
}

void Feed::Remove(Listening id) {
  RONIN_ASSERT_MAIN_THREAD();
  last_wanted_ = clock_.Mono();
  if (Listener* listener = Find(id)) listener->to = nullptr;
  DropRemoved();
}

void Feed::Restart(Listening id) {
  Listener* listener = Find(id);
  if (listener == nullptr) return;
  listener->begun = listener->told_end = false;
  mailbox_.Post([this, id] { Welcome(id); });
}

Feed::Listener* Feed::Find(Listening id) {
  const auto found = std::ranges::find(listeners_, id, &Listener::id);
  return found == listeners_.end() || found->to == nullptr ? nullptr : &*found;
}

template <typename Tell>
void Feed::ForEach(Tell tell) {
  const auto self = shared_from_this();  // the last subscription may end meanwhile
  ++telling_;
  const size_t count = listeners_.size();  // who is added meanwhile is welcomed
  for (size_t i = 0; i < count; ++i) {
    if (listeners_[i].to != nullptr) tell(listeners_[i].id);
  }
  --telling_;
  DropRemoved();
}

void Feed::DropRemoved() {
  if (telling_ > 0) return;
  std::erase_if(listeners_, [](const Listener& l) { return l.to == nullptr; });
}

/// What is there, for who has just come.
void Feed::Welcome(Listening id) {
  const auto self = shared_from_this();
  Listener* listener = Find(id);
  if (listener == nullptr || listener->begun) return;
  ++telling_;
  if (init_ && !log_.gop().empty()) {
    Begin(id, log_.gop());
  } else if (end_ && !listener->told_end) {
    listener->told_end = true;
    listener->to->OnEnd(FeedEnd(*end_));
  }
  --telling_;
  DropRemoved();
}

/// From a keyframe on.
void Feed::Begin(Listening id, std::span<const Chunk> chunks) {
  Listener* listener = Find(id);
  listener->begun = true;
  listener->told_end = false;
  listener->to->OnInit(*init_);
  // It may have gone, or begun anew, meanwhile.
  listener = Find(id);
  if (listener != nullptr && listener->begun) listener->to->OnChunks(chunks);
}

void Feed::StreamBuilt(camera::Camera&, camera::Stream& stream) {
  RONIN_ASSERT_MAIN_THREAD();
  auto tracks = FeedTracks::Attach(stream, reaper_, Concat("the queues for ", name_), shares_,
                                   [this] { Mux(); });
  if (!tracks) {
    log::Warning("live", Concat(name_, " cannot start: ", tracks.error().Text()));
    return;
  }
  tracks_ = std::move(*tracks);
}

void Feed::StreamEnding(camera::Camera& camera) {
  RONIN_ASSERT_MAIN_THREAD();
  StopMuxing();
  tracks_.reset();
  CameraChanged(camera);
}

void Feed::CameraChanged(const camera::Camera& camera) {
  // While pictures come, what was wrong before does not matter; when they end, StreamEnding tells.
  if (init_) return;
  auto end = WhyAway(camera);
  if (!end) {
    end_.reset();
  } else {
    SetEnd(std::move(*end));
  }
}

void Feed::End() {
  StopMuxing();
  taken_.reset();
  SetEnd({"removed", "The camera was removed.", true});
}

void Feed::SetEnd(FeedEnd end) {
  const bool news = !end_ || end_->code != end.code;
  end_ = std::move(end);
  for (Listener& listener : listeners_) listener.told_end = listener.told_end && !news;
  TellEnd();
}

void Feed::TellEnd() {
  ForEach([this](Listening id) {
    Listener* listener = Find(id);
    if (listener == nullptr || !end_ || std::exchange(listener->told_end, true)) return;
    listener->begun = false;
    listener->to->OnEnd(FeedEnd(*end_));
  });
}

/// Begins to mux if somebody looks and there is something to.
void Feed::Mux() {
  if (muxer_ || !tracks_ || !tracks_->has_video() || listeners_.empty()) return;
  if (reaper_.Held(name_) >= kMostMuxers) {
    SetEnd({"stuck",
            "The last live views of this camera have not ended; if this stays, start the "
            "recorder anew."});
    return;
  }
  intake_ = std::make_shared<FeedIntake>(
      shares_.feed_chunks, next_number_,
      [this, to_main = mailbox_.sender()] { to_main.Post([this] { Deliver(); }); });
  auto muxer = FeedMuxer::Start(*tracks_, tracks_->SoundIsAlive(), intake_, reaper_, name_);
  if (!muxer) {
    log::Warning("live", Concat(name_, " cannot start: ", muxer.error().Text()));
    intake_.reset();
    return;
  }
  muxer_ = std::move(*muxer);
  catch_up_polls_ = kMostCatchUpPolls;
}

void Feed::StopMuxing() {
  catch_up_.Cancel();
  muxer_.reset();
  intake_.reset();  // what still comes goes nowhere
  init_.reset();
  log_.Clear();
}

/// Whether the GOP that was held is on its way still; it is to come in one piece.
bool Feed::CatchesUp() {
  if (catch_up_polls_ == 0) return false;
  guint64 held = 0;
  g_object_get(tracks_->video(), "current-level-buffers", &held, nullptr);
  catch_up_polls_ = held == 0 ? 0 : catch_up_polls_ - 1;
  return catch_up_polls_ > 0;
}

void Feed::Deliver() {
  const auto self = shared_from_this();
  const auto intake = intake_;
  if (!intake) return;
  if (CatchesUp()) {
    catch_up_ = Source::After(kCatchUpPoll, [this] { Deliver(); });
    return;
  }
  for (FeedIntake::News& news : intake->Drain()) {
    if (intake != intake_) return;  // a listener ended it
    if (news.init) DeliverInit(std::move(*news.init));
    if (!news.chunks.empty() && intake == intake_) DeliverChunks(news.chunks);
  }
  if (intake == intake_) intake->SetMost(shares_.feed_chunks - log_.bytes());
}

void Feed::DeliverInit(Init init) {
  init_ = std::move(init);
  end_.reset();
  log_.Clear();
  // Each gets it with the keyframe that follows.
  for (Listener& listener : listeners_) listener.begun = false;
}

void Feed::DeliverChunks(const std::vector<Chunk>& chunks) {
  for (const Chunk& chunk : chunks) log_.Add(chunk);
  next_number_ = chunks.back().number + 1;
  if (!init_) return;
  const auto key = std::ranges::find_if(chunks, &Chunk::key);
  ForEach([&](Listening id) {
    Listener* listener = Find(id);
    if (listener == nullptr || !init_) return;
    if (listener->begun) {
      listener->to->OnChunks(chunks);
    } else if (!log_.gop().empty()) {
      Begin(id, log_.gop());
    } else if (key != chunks.end()) {
      Begin(id, std::span(key, chunks.end()));
    }
  });
}

void Feed::Look(std::chrono::milliseconds linger) {
  if (muxer_ && tracks_ && tracks_->SoundIsAlive() != muxer_->sound()) {
    // Players wait for a track that is announced and does not come.
    StopMuxing();
    Mux();
  }
  if (!listeners_.empty()) {
    Mux();
    return;
  }
  if (clock_.Mono() - last_wanted_ < linger) return;
  StopMuxing();
  taken_.reset();
}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    Reset();
    feed_ = std::move(other.feed_);
    id_ = std::exchange(other.id_, 0);
  }
  return *this;
}

void Subscription::Reset() {
  // The feed is let go of last: it may end with this.
  const auto feed = std::exchange(feed_, nullptr);
  if (feed) feed->Remove(std::exchange(id_, 0));
}

}  // namespace ronin::live
