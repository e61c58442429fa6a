// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/stream_id.h"
#include "camera/back_off.h"
#include "camera/camera_error.h"
#include "camera/connect_pace.h"
#include "camera/password_tries.h"
#include "camera/pause_watch.h"
#include "camera/reachability.h"
#include "camera/rtsp_pipeline.h"
#include "camera/stream.h"
#include "config/camera_record.h"
#include "gst/reaper.h"

namespace ronin::camera {

enum class CameraStatus {
  kDisabled,    ///< switched off by the user; a sub stream: or nobody wants it now
  kConnecting,  ///< no picture yet
  kOnline,      ///< media comes
  kOffline,     ///< failed; will try again
};

class Camera;

/// Who takes a camera's media: recording, live. Thread: main. Outlives all cameras.
class StreamListener {
 public:
  virtual ~StreamListener() = default;
  /// A connection is about to be made; add branches to its tees now to miss nothing.
  virtual void OnStreamBuilt(Camera& camera, Stream& stream) = 0;
  /// The connection is over. Take your branches off `stream` and call `done` (once, now or later,
  /// on main) when what you have of it is safe; the stream lives until then, or 2.5 s.
  virtual void OnStreamEnding(Camera& camera, Stream& stream, std::function<void()> done) = 0;
};

/// One stream of one camera: connects, watches, and connects again for ever. The pipeline is built
/// anew each time. The main stream is connected while the camera is switched on; the sub stream
/// only while it is to be recorded as well, or somebody has taken it. They share nothing but the
/// number of refused passwords. Thread: main. End it with Stop() and destroy it when that is done.
class Camera {
 public:
  struct Settings {
    uint64_t memory = kCameraMemory;                   ///< bytes, of both streams; see MemoryShares
    std::chrono::milliseconds stall_timeout{4000};     ///< without a frame, then it reconnects
    std::chrono::milliseconds connect_timeout{10000};  ///< to the first frame
    /// After a wrong password, so that the camera does not lock the account: 3 in 5 minutes.
    std::chrono::milliseconds refused_wait{100'000};
  };
  /// What all cameras share; all of it outlives them.
  struct Context {
    const Clock& clock;
    gst::Reaper& reaper;
    Settings settings;
    std::vector<StreamListener*> listeners;
    std::function<void(Camera&)> on_changed;  ///< status, error or stream information changed
    ConnectPace* pace = nullptr;              ///< set by Cameras, which has it
    PasswordTries* passwords = nullptr;       ///< the same
    ConnectPace* sub_pace = nullptr;          ///< … of sub streams, which hold up no main one
  };

  Camera(CameraRecord record, StreamKind kind, const Context& context);
  ~Camera();

  /// Begins to connect if it is wanted.
  void Start();
  /// Takes on another configuration. Connects anew when its address, credentials, transport or
  /// sound are others, or when it was switched on or off; else the stream goes on untouched.
  void Change(CameraRecord record);
  /// Tries to connect at once instead of when it would by itself; false where there is nothing to
  /// try, as it is connected, connecting or switched off. A password that was refused too often
  /// waits all the same: the camera would lock the account.
  bool RetryNow();
  /// Ends the connection and does not come back. `done` is called once, on main, within 3 s.
  void Stop(std::function<void()> done);

  /// Keeps the stream connected, as far as the camera is switched on, until the last one who holds
  /// what is returned lets go of it, on main; it may outlive this. Live view of a sub stream.
  std::shared_ptr<void> Take();

  StreamKind kind() const { return kind_; }
  StreamId id() const { return {record_.id, kind_}; }
  /// The camera's name, and which stream if it is not the main one; for people.
  std::string name() const;
  const CameraRecord& record() const { return record_; }
  CameraStatus status() const { return status_; }
  WallTime status_since() const { return status_since_; }
  /// The newest failure, also after the camera has come back.
  const std::optional<CameraError>& last_error() const { return last_error_; }
  /// Of the connection that is up, or was up last; nullptr before the first.
  const std::shared_ptr<StreamFacts>& facts() const { return facts_; }
  /// Whether its turn to connect has come since Start(), or it is not wanted.
  bool begun() const { return begun_ || !wanted(); }
  /// Whether it is to be connected.
  bool wanted() const;
  /// How often the picture came back after it had been lost.
  unsigned reconnects() const { return reconnects_; }
  /// Whether it does not try to connect for long, because it is switched off or its password was
  /// refused, so that only StatusPoll tells whether the camera is there.
  bool rests() const;
  /// Whether the camera answered when it was asked last.
  struct Sighting {
    bool reachable = false;
    WallTime at{};
  };
  /// Nothing while it does not rest, and before it was asked.
  std::optional<Sighting> sighting() const { return rests() ? sighting_ : std::nullopt; }
  /// By who asked it.
  void Seen(Sighting sighting);
  /// How often it began to connect.
  unsigned attempts() const { return attempts_; }
  /// How often the picture stood still for too long while the connection was up.
  unsigned stalls() const { return stalls_; }
  /// When the newest frame came, of whichever connection; nothing before the first.
  std::optional<MonoTime> last_frame() const;
  /// The connection, for who comes later than OnStreamBuilt (live view); nullptr while there is
  /// none.
  Stream* stream() const { return ending_ ? nullptr : pipeline_.get(); }

 private:
  void StopWaiting();
  void Restart();
  void Released();
  void ConnectInTurn();
  std::chrono::milliseconds WaitForPassword(const RtspSource& source) const;
  void LackCredentials();
  void Connect();
  void OnMessage(GstMessage* message);
  void Told(CameraError error);
  void Watch();
  void HungUp();
  void GoOnline();
  /// @param held_back  nothing was tried, and may not be for so long
  void Failed(CameraError error, std::optional<std::chrono::milliseconds> held_back = {});
  RtspSource MakeSource() const;
  void Diagnose(CameraError error);
  CameraError WhyNothingComes(const CameraError& error, const CameraError& not_rtsp) const;
  void Knock();
  void EndConnection(std::function<void()> then);
  void ConnectionEnded();
  void Retire();
  void SayStuck();
  std::string ConnectionName() const;
  void SetStatus(CameraStatus status);
  bool HasVideo() const;
  MonoTime LastVideo() const;

  CameraRecord record_;
  const StreamKind kind_;
  std::weak_ptr<void> taken_;
  const Context& context_;
  CameraStatus status_ = CameraStatus::kDisabled;
  WallTime status_since_{};
  std::optional<CameraError> last_error_;
  std::optional<Sighting> sighting_;
  std::shared_ptr<StreamFacts> facts_;

  std::unique_ptr<RtspPipeline> pipeline_;
  MonoTime connecting_since_{};
  bool begun_ = false;
  bool ending_ = false;  // waits for the listeners to let go
  size_t listeners_left_ = 0;
  unsigned ended_connections_ = 0;
  unsigned connections_ = 0;  // that brought a picture
  bool lost_ = false;         // the picture, since it came last
  unsigned reconnects_ = 0;
  unsigned attempts_ = 0;
  unsigned stalls_ = 0;
  std::optional<MonoTime> last_frame_;  // of the connections before
  std::function<void()> after_end_;
  BackOff back_off_;
  ReachabilityProbe reachability_;
  // While nothing listens there: asked every second, so that it is recorded as soon as it is back.
  ReachabilityProbe knock_;
  bool was_closed_ = false;   // a knock was not answered
  bool keep_alive_ = false;   // it ends streams that ask for nothing
  bool byte_stream_ = false;  // pictures did not come without searching for start codes
  PauseWatch pauses_;
  Source watch_;
  Source retry_;
  Source next_knock_;
  Source keep_alive_timer_;
  Source end_deadline_;
  Mailbox mailbox_;
};

std::string_view ToString(CameraStatus status);

}  // namespace ronin::camera
