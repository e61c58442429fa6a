// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/result.h"
#include "base/signal_connection.h"
#include "base/source.h"
#include "camera/rtsp_ending.h"
#include "camera/socket_meter.h"
#include "camera/stream.h"
#include "config/camera_record.h"
#include "gst/bus_watch.h"
#include "gst/gst_ref.h"
#include "gst/reaper.h"

namespace ronin::camera {

/// What an RtspPipeline connects to.
struct RtspSource {
  std::string url;  ///< without credentials
  std::string username;
  std::string password;
  bool tcp = true;           ///< false: UDP, falling back to TCP
  bool audio = true;         ///< take the audio track too
  bool byte_stream = false;  ///< look for start codes in H.264, see RtspTracks
  /// Bytes that may come without making a picture.
  uint64_t most_unframed = SharesOf(kCameraMemory, StreamKind::kMain).received;
  /// Of the one certificate that is accepted though the system does not trust it; empty: none.
  std::string tls_fingerprint;
};

/// What a stream of a camera is connected to by. Pure; any thread.
RtspSource SourceOf(const CameraRecord& camera, StreamKind stream);

/// The pipeline of one connection: rtspsrc, a depayloader and a parser for each track, two tees.
/// Built once, played once, never used again after a failure. Thread: main; tracks are added on
/// rtspsrc's threads and touch nothing but the pipeline and the facts.
class RtspPipeline final : public Stream {
 public:
  /// Messages of the bus, on main, until Retire().
  using OnMessage = std::function<void(GstMessage*)>;

  /// Builds it in NULL. Errors: kUnsupported naming a missing element.
  /// @param clock  outlives the pipeline and its streaming threads
  static Result<std::unique_ptr<RtspPipeline>> Create(const RtspSource& source, const Clock& clock,
                                                      OnMessage on_message);
  ~RtspPipeline() override;

  /// Starts to connect; returns at once. Results come as messages and in the facts.
  void Play();

  /// Asks the camera for something, so that it sees that somebody is there. Returns at once; what
  /// it answers does not matter.
  void KeepAlive();

  /// Whether the camera has ended the stream: nothing comes any more.
  bool Ended() const;

  /// Stops listening to it, and hands it to the reaper.
  /// @param remains  all but its elements, and what comes before
  void Retire(gst::Reaper& reaper, gst::Reaper::Remains remains);

  GstElement* pipeline() const override { return pipeline_.Get(); }
  GstElement* video_tee() const override { return video_tee_.Get(); }
  GstElement* audio_tee() const override { return audio_tee_.Get(); }
  std::shared_ptr<StreamFacts> facts() const override { return facts_; }

 private:
  RtspPipeline() = default;
  void Measure();
  Status Build(const RtspSource& source, const Clock& clock);

  GRef<GstElement> pipeline_;
  GRef<GstElement> source_;
  GRef<GstElement> video_tee_;
  GRef<GstElement> audio_tee_;
  std::shared_ptr<StreamFacts> facts_ = std::make_shared<StreamFacts>();
  std::shared_ptr<SocketMeter> meter_ = std::make_shared<SocketMeter>();
  std::shared_ptr<RtspEnding> ending_ = std::make_shared<RtspEnding>();
  gst::BusWatch bus_watch_;
  Source measure_;
  bool measures_seldom_ = false;
};

/// The same pipeline as a line for gst-launch-1.0 that records to `location`, a pattern for
/// splitmuxsink, such as "clip-%03d.mp4". The password and secrets in the address stand in it only
/// as "***".
/// @param fragment      longest piece of a file that is written at once
/// @param video, audio  the RTP names of the tracks, "H264", "PCMU"; no audio: empty
std::string LaunchLine(const RtspSource& source, const std::string& video, const std::string& audio,
                       std::chrono::seconds segment_duration, std::chrono::milliseconds fragment,
                       const std::string& location);

}  // namespace ronin::camera
