// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "demo/clip.h"
#include "demo/sent_log.h"

namespace ronin::demo {

class CameraPort;
class CameraStream;

enum class AuthMethod { kBasic, kDigest, kBoth };

struct CameraOptions {
  std::string address = "127.0.0.1";  ///< of this machine, where it listens
  std::string path = "/stream";
  uint16_t port = 0;     ///< 0: any free one
  std::string user;      ///< empty: no authentication
  std::string password;  ///< never part of url()
  AuthMethod auth = AuthMethod::kBoth;
  /// Repeat SPS/PPS as RTP packets of their own: -1 with each keyframe, 0 never. They are in
  /// the stream at each keyframe anyway.
  int config_interval = -1;
  /// RTP timestamp of number 0 and sequence number of the first packet; random when not set.
  /// Near the maximum they wrap within seconds.
  std::optional<uint32_t> rtp_timestamp;
  std::optional<uint16_t> rtp_sequence;
  bool rtcp = true;  ///< sender reports
};

/// How new connections are turned away. Those that exist go on.
enum class Refusal {
  kNone,
  kUnauthorized401,  ///< whatever user and password are given
  kNotFound404,
  kBusy453,
  kUnavailable503,
  kNotListening,  ///< the port is closed: connection refused; the same port is opened again later
};

/// One RTSP camera, on the loopback address unless told otherwise: plays its clip for ever to all
/// clients, numbers its pictures, and misbehaves on command. Owned by a
/// CameraServer.
///
/// Pictures are due at fixed instants whether anybody looks or not; the number counts them from 0,
/// so a picture that was due but not sent leaves a hole in the numbers. A new client gets
/// pictures from the next keyframe on, and may join in the middle of a GOP when another client
/// plays already.
/// Thread: any, for all methods. None waits for the network.
class SyntheticCamera {
 public:
  SyntheticCamera(std::unique_ptr<CameraPort> port, std::shared_ptr<CameraStream> stream);
  ~SyntheticCamera();
  SyntheticCamera(const SyntheticCamera&) = delete;
  SyntheticCamera& operator=(const SyntheticCamera&) = delete;

  std::string url() const;         ///< "rtsp://ADDRESS:PORT/stream", without user and password
  uint16_t port() const;           ///< stays the same for life
  ClipRef clip() const;            ///< the clip that plays now
  int connections() const;         ///< open TCP connections
  int players() const;             ///< those in PLAY
  int parameter_requests() const;  ///< GET_PARAMETER requests so far
  const SentLog& sent() const;
  SentLog& sent();

  // --- Faults ----------------------------------------------------------------------------------

  /// Sends no video and no audio until Resume(); connections stay, RTCP reports go on.
  void Stall();
  /// Goes on with the next keyframe.
  void Resume();
  /// Cuts all TCP connections without TEARDOWN. New ones are welcome unless refused.
  void CloseConnections();
  /// Leaves out the next `count` pictures that are due; what follows may refer to them.
  void DropFrames(int count);
  /// RTP timestamps of video and audio jump by `delta` with the next keyframe.
  void JumpTime(std::chrono::milliseconds delta);
  /// RTP timestamps of video and audio stand still, then go on where they would be by then.
  void FreezeTime(bool frozen);
  /// From now on the camera's clock runs `ppm` parts per million too fast (or slow, below 0).
  void SetClockError(int ppm);
  /// Whether the last RTP packet of each picture is marked as such.
  void SetMarkers(bool on);
  /// Whether it sends RTCP sender reports, every 5 s or so.
  void SetReports(bool on);
  /// Sender reports say a time that is `off` ahead of the true one (behind it, below 0).
  void SetWallClock(std::chrono::milliseconds off);
  void SetRefuse(Refusal refusal);
  /// Takes audio away and brings it back, while connected.
  void StopAudio();
  void StartAudio();
  /// Plays another clip from the next keyframe on; of the same codecs and frame rate.
  /// Errors: kInvalidArgument when they differ.
  Status SwitchClip(ClipRef clip);

 private:
  std::shared_ptr<CameraStream> stream_;  // shared with the pump and with connected media
  std::unique_ptr<CameraPort> port_;
};

}  // namespace ronin::demo
