// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "fleet/connection.h"

namespace ronin::bench {

/// One camera of the fleet: a port, and who looks at it. Its pictures are numbered from 0 whether
/// anybody looks or not. Thread-bound.
class Camera {
 public:
  /// Listens at 127.0.0.1.
  /// @param number  counted from 1
  /// @param clip    outlives it
  /// @param shift   by how many pictures it is ahead in the clip: keyframes of a site do not come
  ///                all at once
  /// Errors: the port's.
  static Result<std::unique_ptr<Camera>> Listen(int number, uint16_t port, RtpClip& clip,
                                                size_t shift);

  int fd() const { return listener_.Get(); }
  const std::vector<std::unique_ptr<Connection>>& connections() const { return connections_; }
  uint64_t next() const { return next_; }

  /// A new client; nullptr: it is gone already.
  Connection* Accept();
  /// Sends the next picture to all who want it. `due_ns`: CLOCK_MONOTONIC.
  void SendNext(int64_t due_ns, int64_t utc_ns);
  /// Drops connections that are over.
  void Sweep();
  /// "connection CAMERA FIRST LAST PICTURES DROPPED PAYLOAD_BYTES open|over" for each of them that
  /// got a picture, oldest first; of the last 64 that are over.
  std::string Report() const;

 private:
  Camera(int number, UniqueFd listener, RtpClip& clip, size_t shift);

  const int number_;
  UniqueFd listener_;
  RtpClip& clip_;
  const size_t shift_;
  uint64_t next_ = 0;  // number of the picture that comes next
  uint32_t accepted_ = 0;
  PacketRun stamp_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::deque<SentCount> over_;
};

}  // namespace ronin::bench
