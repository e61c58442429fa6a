// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "live/live_feed.h"
#include "live/live_hub.h"
#include "live/ll_window.h"
#include "live/waiters.h"

namespace ronin::live {

/// Which playlist of a low-latency stream is wanted.
struct LlPlaylistAsk {
  std::optional<int64_t> segment = {};  ///< not before it has this segment …
  std::optional<int64_t> part = {};     ///< … or this part of it
  bool delta = false;
};

/// One stream as Low-Latency HLS, from its feed, and who waits for the next part of it. Those are
/// answered once it is there, when the camera goes away, and after three target durations at the
/// latest; there are never more than kMostWaiting. Thread: main.
class LlStream final : public FeedListener {
 public:
  static constexpr size_t kMostWaiting = 128;
  using PlaylistReply = std::function<void(Result<std::string>)>;
  using PartReply = std::function<void(Result<GRef<GBytes>>)>;
  /// Whether who asked has left; then its place is free again.
  using Gone = std::function<bool()>;

  /// @param start_timeout  how long a first request waits
  LlStream(const Clock& clock, LlWindow::Options window, std::chrono::milliseconds start_timeout);
  /// Tells all who wait.
  ~LlStream() override;

  /// Begins, once; the hub may call back from the loop only.
  void Follow(Subscription subscription) { subscription_ = std::move(subscription); }

  /// Replies once, perhaps during the call. Errors: kInvalidArgument (nobody who has read the
  /// playlist asks for that), kUnavailable with a sentence.
  void RequestPlaylist(const LlPlaylistAsk& ask, PlaylistReply reply, Gone gone);
  /// The same for a part; one that comes next is waited for. Errors: also kNotFound.
  void RequestPart(LlPartId id, PartReply reply, Gone gone);
  GRef<GBytes> Segment(int64_t number);
  GRef<GBytes> Init(std::optional<int64_t> number) const { return window_.Init(number); }

  bool waited_for() const { return !waiters_.empty(); }
  MonoTime last_request() const { return last_request_; }

  void OnInit(const live::Init& init) override;
  void OnChunks(std::span<const Chunk> chunks) override;
  void OnEnd(const FeedEnd& end) override;

 private:
  bool TryPlaylist(const LlPlaylistAsk& ask, const PlaylistReply& reply);
  bool TryPart(LlPartId id, const PartReply& reply);
  std::chrono::milliseconds Patience() const;

  const Clock& clock_;
  const std::chrono::milliseconds start_timeout_;
  LlWindow window_;
  std::optional<std::string> away_;  // why nothing comes
  MonoTime last_request_{};
  Waiters waiters_;
  Subscription subscription_;  // the last member: it ends first
};

}  // namespace ronin::live
