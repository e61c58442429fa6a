// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "camera/clock_map.h"
#include "camera/media_info.h"
#include "camera/memory_shares.h"
#include "camera/password_tries.h"
#include "camera/sender_clock.h"
#include "camera/stream_meter.h"
#include "camera/tls_certificate.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// What the streaming threads of one connection tell everybody else. Shared by the probes, which
/// may outlive the connection by a moment. Any thread.
struct StreamFacts {
  ClockMap clock;            ///< media time to UTC
  SenderClock sender_clock;  ///< the camera's own clock, as it reports it
  StreamMeter meter;         ///< of the video

  std::atomic<int64_t> last_video_us{0};   ///< monotonic time of the newest video frame; 0 = none
  std::atomic<int64_t> last_audio_us{0};   ///< … of the newest audio; 0 = none came yet
  std::atomic<bool> audio_offered{false};  ///< the camera describes an audio track that we take
  std::atomic<bool> answered{false};       ///< it has given a whole answer in RTSP
  std::atomic<bool> described{false};      ///< it has described a stream
  std::atomic<uint64_t> messages{0};       ///< whole answers and packets that came
  std::atomic<uint64_t> unframed{0};       ///< bytes of media since the newest video frame
  std::atomic<uint64_t> most_unframed{SharesOf(kCameraMemory, StreamKind::kMain).received};
  std::atomic<bool> endless{false};  ///< it was ended since it sent without end what is neither
  /// What became of the password; outlives the connection where tries are counted.
  const std::shared_ptr<PasswordUse> password = std::make_shared<PasswordUse>();

  std::optional<VideoInfo> video() const {
    std::lock_guard lock(mutex);
    return video_info;
  }
  std::optional<AudioInfo> audio() const {
    std::lock_guard lock(mutex);
    return audio_info;
  }

  /// Its certificate, when it was refused.
  std::optional<TlsCertificate> refused_certificate() const {
    std::lock_guard lock(mutex);
    return distrusted;
  }

  mutable std::mutex mutex;    // guards all below
  std::string video_encoding;  ///< the RTP name of the track, "H264"; empty before it is there
  std::string audio_encoding;  ///< "PCMU"
  std::optional<VideoInfo> video_info;
  std::optional<AudioInfo> audio_info;
  std::optional<TlsCertificate> distrusted;
};

/// One connection to a camera, as those see it who take its media: a pipeline with a `tee` for each
/// track. The tees exist from the start and carry parsed, timestamped media beginning with a
/// keyframe: H.264 as avc, H.265 as hvc1, audio as raw AAC or Opus. Each video frame says when it
/// was taken (GstReferenceTimestampMeta `timestamp/x-unix`), and is flagged RESYNC where the
/// camera's time jumped. Thread: main.
///
/// Who takes media adds elements of its own to the pipeline and links them to a tee; it may do so
/// before any media has come, and so misses none.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual GstElement* pipeline() const = 0;   ///< (transfer none)
  virtual GstElement* video_tee() const = 0;  ///< (transfer none)
  virtual GstElement* audio_tee() const = 0;  ///< (transfer none)
  virtual std::shared_ptr<StreamFacts> facts() const = 0;
};

}  // namespace ronin::camera
