// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>

#include "base/unique_fd.h"

namespace ronin::camera {

/// How much was read from a camera since its last whole message. GstRTSPConnection (1.22) takes
/// headers without an end and bodies of gigabytes into memory, and says nothing of them meanwhile.
/// Any thread.
class SocketMeter {
 public:
  /// Real descriptions have a few KiB, and a packet in an RTSP connection at most 64.
  static constexpr uint64_t kMost = 256 * 1024;

  /// Measures this connection from now on; keeps it open until the next, or the end.
  /// @param socket  may be none
  void Follow(UniqueFd socket);

  /// Whether more than kMost was read since `messages`, the number of whole ones, had this value.
  bool IsTooMuch(uint64_t messages);

  /// Shuts the connection down, and each that is followed later: who reads it gets to its end.
  /// @returns  whether there was one
  bool End();

 private:
  std::mutex mutex_;  // guards all below
  UniqueFd socket_;
  uint64_t messages_ = 0;  // when it was looked at before
  uint64_t read_ = 0;      // what had been read then
  bool ended_ = false;
};

}  // namespace ronin::camera
