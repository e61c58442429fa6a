// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "api/ack_window.h"
#include "api/live_messages.h"
#include "base/clock.h"
#include "base/stream_id.h"
#include "http/web_socket.h"
#include "live/feed.h"

namespace ronin::api {

/// What the viewers of one socket share.
struct LiveOut {
  const Clock& clock;
  http::WebSocket& socket;
  ChannelMessages& messages;
  uint64_t held = 0;  ///< bytes of new chunks that wait for the client, of all channels
};

/// One channel of a live socket: a stream on its way to one viewer, who says what it has received.
/// What it does not take in time is left out, up to a keyframe, and it is told so. Thread: main.
///
/// Memory: 2 MiB and a message wait in the socket, new chunks of 1.5 MB on a channel and 4 MiB on
/// all wait here, by reference, for 2 s at most; so does the GOP that a viewer begins with, which
/// is held for others anyway.
class LiveViewer {
 public:
  /// @param out  outlives this
  LiveViewer(LiveOut& out, uint32_t channel);
  ~LiveViewer();

  using Subscribe = std::function<live::Subscription(live::FeedListener&)>;

  /// Shows that stream: at once, or, when it shows one already, from a keyframe of it on.
  void Watch(StreamId stream, const Subscribe& subscribe);
  /// The client has received so many bytes of binary messages since the last Watch(), without
  /// their channel numbers.
  void Acked(uint64_t bytes);
  /// Now and then, also when another channel has made room.
  void Look();
  /// Nothing comes any more; it was told.
  bool over() const { return over_; }

 private:
  /// One subscription: what is shown, or what is to be shown next.
  struct Leg;
  struct Waiting {
    live::Chunk chunk;
    MonoTime since;
    bool burst;  ///< of the GOP that it begins with
  };

  void InitCame(Leg& leg, const live::Init& init);
  void ChunksCame(Leg& leg, std::span<const live::Chunk> chunks);
  void EndCame(Leg& leg, const live::FeedEnd& end);
  void Switch();
  std::span<const live::Chunk> GoOn(std::span<const live::Chunk> chunks);
  void TellDropped(const live::Chunk& next);
  void SendInit();
  void Queue(const live::Chunk& chunk, bool burst);
  bool MayGoOn() const;
  bool MaySend() const;
  void Pump();
  bool Overdue() const;
  void MoveOn();
  void Forget();
  void TryAgain();

  LiveOut& out_;
  const uint32_t channel_;
  std::unique_ptr<Leg> shown_;
  std::unique_ptr<Leg> next_;
  AckWindow window_;
  std::deque<Waiting> waiting_;
  uint64_t held_ = 0;         // bytes in `waiting_` that are no burst
  uint64_t accounted_ = 0;    // number of the last chunk that was sent, or told of as dropped
  bool moving_on_ = false;    // nothing is sent before a keyframe
  bool again_ = false;        // it asked for the GOP once more
  WallTime dropped_from_{};   // when the first of those left out was taken
  MonoTime may_try_again_{};  // not before this
  bool over_ = false;
};

}  // namespace ronin::api
