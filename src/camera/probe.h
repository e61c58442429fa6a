// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "camera/advice.h"
#include "camera/camera_error.h"
#include "camera/frame_log.h"
#include "camera/password_tries.h"
#include "camera/reachability.h"
#include "camera/rtsp_pipeline.h"
#include "gst/pad_probe.h"
#include "gst/reaper.h"

namespace ronin::camera {

/// What a test of a camera's stream found: what it sends, or why it does not.
struct ProbeResult {
  std::optional<CameraError> error;  ///< set: it does not work, and nothing below counts
  StreamReport report;
  std::vector<std::string> advice;
  Fix fix;            ///< of what the advice is about
  GRef<GBytes> jpeg;  ///< of the first keyframe; nothing: none came, or it cannot be decoded
};

/// One test of one stream. Takes 2 to 4.9 s, whatever the camera does: it measures until two
/// keyframes and 2 s of pictures came, and 4.4 s at most; the picture is decoded meanwhile.
///
/// It has a connection of its own, but for a stream that runs already: that one it only looks at,
/// since many cameras allow few connections and a further one could end the recording.
/// Thread: main. Destroying it ends the test; `done` is not called then.
class Probe {
 public:
  /// What all tests share; all of it outlives them.
  struct Context {
    const Clock& clock;
    gst::Reaper& reaper;
    Worker& pictures;  ///< decodes keyframes
    PasswordTries& passwords;
  };
  struct Target {
    RtspSource source;
    bool sub = false;
  };
  using Done = std::function<void(ProbeResult)>;

  /// @param running  the stream that is looked at instead of a connection, if there is one;
  ///                 borrowed for the call
  /// @param done     called once, from the loop; it may destroy this
  Probe(Target target, const Stream* running, const Context& context, Done done);
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  /// Ends the test now with this error.
  void Fail(CameraError error);

  /// What its pipelines are called at the reaper.
  static constexpr const char* kName = "the test of a camera";

 private:
  struct Picture;

  void Connect();
  void Watch(const Stream& stream);
  void OnMessage(GstMessage* message);
  void Tick();
  bool Enough(const FrameLog::Progress& progress, MonoTime now) const;
  void Failed(CameraError error);
  void Knock();
  void Conclude();
  CameraError NoPicture() const;
  void AskPicture();
  void Succeed();
  void Finish(ProbeResult result);
  void Disconnect();

  const Target target_;
  const Context context_;
  Done done_;
  const MonoTime started_;
  const bool own_connection_;
  std::unique_ptr<RtspPipeline> pipeline_;
  std::shared_ptr<StreamFacts> facts_;
  std::shared_ptr<FrameLog> log_ = std::make_shared<FrameLog>();  // shared with the probe
  gst::PadProbe video_;
  bool described_ = false;              // it has answered as an RTSP camera, and named its tracks
  std::optional<CameraError> failure_;  // of the connection; the knock tells why
  std::optional<CameraError> knock_;    // what the knock found
  bool knocking_ = false;
  std::shared_ptr<Picture> picture_;  // shared with the worker; not set: not asked for yet
  ReachabilityProbe reachability_;
  Source tick_;
  Mailbox mailbox_;
};

}  // namespace ronin::camera
