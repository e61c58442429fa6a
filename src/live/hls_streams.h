// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/source.h"
#include "camera/camera.h"
#include "gst/reaper.h"
#include "live/hls_branch.h"
#include "live/hls_window.h"
#include "live/waiters.h"

namespace ronin::live {

/// Which playlist of a stream is wanted.
struct HlsPlaylistAsk {
  /// It may say that it can be waited for (RFC 8216bis, CAN-BLOCK-RELOAD). Not said unasked: each
  /// player then always has a request open, and of those a browser has six for all its players.
  bool may_block = false;
  std::optional<int64_t> segment = {};  ///< not before it has this segment
};

/// HLS of all streams, muxed only while somebody looks: started by the first request for a
/// playlist, stopped when none came for a while; goes on by itself over reconnects meanwhile.
/// Thread: main.
class HlsStreams final : public camera::StreamListener {
 public:
  struct Options {
    std::chrono::seconds idle_timeout{60};
    uint64_t memory = camera::kCameraMemory;        ///< bytes, of each camera
    std::chrono::milliseconds start_timeout{6000};  ///< how long a first request waits
  };
  using PlaylistReply = std::function<void(Result<std::string>)>;
  /// Whether who asked has left; then its place is free again.
  using Gone = std::function<bool()>;

  HlsStreams(const Clock& clock, gst::Reaper& reaper, Options options);
  ~HlsStreams() override;

  /// How long a stream goes on after its last request; also for those that run.
  void SetIdleTimeout(std::chrono::seconds timeout) { options_.idle_timeout = timeout; }

  /// The playlist, at once if there is one with the wanted segment, else as soon as that is whole;
  /// after three target durations at the latest. A sub stream is connected for it, and stays so
  /// until nobody asks any more.
  /// Errors: kUnavailable with a sentence (camera away, or no segment in time), kInvalidArgument
  /// (nobody who has read the playlist asks for that). May reply during the call.
  void RequestPlaylist(camera::Camera& camera, const HlsPlaylistAsk& ask, PlaylistReply reply,
                       Gone gone);
  /// A segment that a playlist named; nothing when it is gone.
  GRef<GBytes> Segment(StreamId id, int64_t sequence) const;
  /// Its status is another one: who waits for the picture of a stream gets it once it comes, and is
  /// told when none will.
  void CameraChanged(const camera::Camera& camera);
  /// The camera was removed.
  void Forget(int64_t camera_id);

  void OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) override;
  void OnStreamEnding(camera::Camera& camera, camera::Stream& stream,
                      std::function<void()> done) override;

 private:
  static constexpr size_t kMostWaiting = 64;  // of one stream

  struct Entry {
    explicit Entry(const Clock& clock) : waiters(clock, kMostWaiting) {}
    std::shared_ptr<void> taken;  // keeps the stream connected
    std::shared_ptr<HlsWindow> window;
    std::unique_ptr<HlsBranch> branch;
    MonoTime last_request{};
    Waiters waiters;
  };
  void Attach(const camera::Camera& camera, Entry& entry);
  bool TryPlaylist(StreamId id, const HlsPlaylistAsk& ask, const PlaylistReply& reply) const;
  void News(StreamId id);
  void DropIdle();

  const Clock& clock_;
  gst::Reaper& reaper_;
  Options options_;
  std::map<StreamId, Entry> entries_;
  Source sweep_;
};

}  // namespace ronin::live
