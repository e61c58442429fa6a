// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "camera/camera.h"
#include "gst/reaper.h"
#include "live/chunk_log.h"
#include "live/feed_intake.h"
#include "live/feed_muxer.h"
#include "live/feed_tracks.h"
#include "live/live_feed.h"

namespace ronin::live {

/// The feed of one stream, over all its connections: muxes while somebody is subscribed, holds the
/// GOP that it is in, and tells its listeners. Owner: shared by the hub and its subscriptions, so
/// that these may outlive the camera. Thread: main.
class Feed final : public std::enable_shared_from_this<Feed> {
 public:
  using Listening = uint64_t;  ///< names a subscription

  /// @param reaper  outlives this
  /// @param name    "the live feed of camera Yard"
  Feed(const Clock& clock, gst::Reaper& reaper, std::string name,
       const camera::MemoryShares& shares);
  ~Feed();

  Listening Add(camera::Camera& camera, FeedListener& listener);
  void Remove(Listening id);
  /// The listener gets what is there, as if it had just been added.
  void Restart(Listening id);

  void StreamBuilt(camera::Camera& camera, camera::Stream& stream);
  void StreamEnding(camera::Camera& camera);
  void CameraChanged(const camera::Camera& camera);
  /// Nothing comes any more: the camera was removed.
  void End();

  /// Once a second: looks whether sound came or went; lets go of what nobody has wanted for
  /// `linger`.
  void Look(std::chrono::milliseconds linger);
  bool muxed() const { return muxer_ != nullptr; }
  bool wanted() const { return !listeners_.empty() || taken_ || tracks_; }

 private:
  struct Listener {
    Listening id;
    FeedListener* to;  // null: removed meanwhile
    bool begun = false;
    bool told_end = false;
  };

  void Welcome(Listening id);
  void Mux();
  void StopMuxing();
  bool CatchesUp();
  void Deliver();
  void DropRemoved();
  void DeliverInit(Init init);
  void DeliverChunks(const std::vector<Chunk>& chunks);
  void SetEnd(FeedEnd end);
  void TellEnd();
  void Begin(Listening id, std::span<const Chunk> chunks);
  Listener* Find(Listening id);
  /// Calls `tell` for each listener that is there now; it may add and remove some.
  template <typename Tell>
  void ForEach(Tell tell);

  const Clock& clock_;
  gst::Reaper& reaper_;
  const std::string name_;
  const camera::MemoryShares shares_;
  std::shared_ptr<void> taken_;  // keeps the stream connected
  std::unique_ptr<FeedTracks> tracks_;
  std::shared_ptr<FeedIntake> intake_;  // shared with the streaming thread
  std::unique_ptr<FeedMuxer> muxer_;
  std::optional<Init> init_;  // of the muxer that runs
  ChunkLog log_;
  uint64_t next_number_ = 1;
  std::optional<FeedEnd> end_;  // why nothing comes
  std::vector<Listener> listeners_;
  Listening next_id_ = 1;
  int telling_ = 0;  // calls to listeners that are under way
  MonoTime last_wanted_{};
  int catch_up_polls_ = 0;  // left
  Source catch_up_;
  Mailbox mailbox_;
};

/// A listener's place in a feed; ends with this. Movable. Thread: main.
class Subscription {
 public:
  Subscription() noexcept = default;
  Subscription(std::shared_ptr<Feed> feed, Feed::Listening id) : feed_(std::move(feed)), id_(id) {}
  Subscription(Subscription&& other) noexcept
      : feed_(std::move(other.feed_)), id_(std::exchange(other.id_, 0)) {}
  Subscription& operator=(Subscription&& other) noexcept;
  ~Subscription() { Reset(); }

  void Reset();
  /// The listener gets the init segment and the GOP once more, or why there is nothing.
  void Restart() {
    if (feed_) feed_->Restart(id_);
  }
  explicit operator bool() const { return feed_ != nullptr; }

 private:
  std::shared_ptr<Feed> feed_;
  Feed::Listening id_ = 0;
};

}  // namespace ronin::live
