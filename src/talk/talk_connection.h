// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "camera/camera_error.h"
#include "camera/rtsp_ending.h"
#include "camera/rtsp_pipeline.h"
#include "camera/socket_meter.h"
#include "gst/bus_watch.h"
#include "gst/gst_ref.h"
#include "gst/reaper.h"
#include "talk/back_channel.h"

namespace ronin::talk {

/// An RTSP connection of its own to a camera's back channel, by rtspsrc: it takes nothing of what
/// the camera sends, so that the recording and its connection are not touched. Always interleaved
/// in the RTSP connection, whatever the camera's transport is. Thread: main, but for what Sender()
/// gives.
class TalkConnection {
 public:
  enum class Purpose {
    kLook,  ///< ends once the camera has described itself: a session is never set up
    kTalk,
  };
  struct Events {
    /// kLook: the camera's back channel, or none; the last event.
    std::function<void(std::optional<BackChannel>)> described;
    /// kTalk: it takes sound from now on.
    std::function<void(const BackChannel&)> ready;
    /// It is over; code "no_back_channel", or as the camera's own connections have them. The last
    /// event.
    std::function<void(camera::CameraError)> failed;
  };

  /// Builds it; Play() connects. An event may destroy this.
  /// Errors: kUnsupported naming a missing element.
  static Result<std::unique_ptr<TalkConnection>> Create(const camera::RtspSource& source,
                                                        Purpose purpose, const Clock& clock,
                                                        Events events);
  ~TalkConnection();

  /// Returns at once.
  void Play();
  /// Sends a packet of RTP; blocks while the camera does not read, until the connection is ended.
  /// Any thread; may outlive this.
  std::function<void(GstSample*)> Sender() const;
  /// What became of the password.
  const std::shared_ptr<camera::PasswordUse>& password() const { return facts_->password; }
  /// More came than an RTSP camera has to say to who only talks.
  bool IsFlooded();
  /// Stops listening to it and gives it away. Elements of `remains` are ended after it.
  void Retire(gst::Reaper& reaper, gst::Reaper::Remains remains);

 private:
  /// What the threads of rtspsrc have found, and those that send must know.
  struct Found {
    std::mutex mutex;  // guards all below; never held while something is sent
    bool described = false;
    std::optional<BackChannel> channel;
    bool over = false;             // nothing may be sent any more
    int sending = 0;               // packets that are on their way into rtspsrc
    std::condition_variable left;  // there are none
  };
  struct Callbacks;

  TalkConnection(Purpose purpose, const Clock& clock, Events events)
      : purpose_(purpose), clock_(clock), events_(std::move(events)) {}
  Status Build(const camera::RtspSource& source);
  void OnMessage(GstMessage* message);
  void Failed(GstMessage* message);
  void Described(const std::optional<BackChannel>& channel);
  void Fail(camera::CameraError error);
  void Ended();
  static void WaitForSenders(Found& found, camera::SocketMeter& meter);

  const Purpose purpose_;
  const Clock& clock_;
  Events events_;
  GRef<GstElement> pipeline_;
  GRef<GstElement> source_;
  std::shared_ptr<Found> found_ = std::make_shared<Found>();
  std::shared_ptr<camera::StreamFacts> facts_ = std::make_shared<camera::StreamFacts>();
  std::shared_ptr<camera::SocketMeter> meter_ = std::make_shared<camera::SocketMeter>();
  std::shared_ptr<camera::RtspEnding> ending_ = std::make_shared<camera::RtspEnding>();
  bool pinned_ = false;  // another certificate is trusted
  bool ready_ = false;
  bool over_ = false;  // the last event was told
  gst::BusWatch bus_watch_;
};

}  // namespace ronin::talk
