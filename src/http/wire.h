// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "base/g_ref.h"

namespace ronin::http {

/// What a connection and the stream that libsoup holds of it have in common. It outlives both:
/// libsoup 3.2.3 keeps streams longer than their sockets, and ends chunked bodies and closes
/// WebSockets on a thread of GIO's pool, so all fields but `socket` and `closed` are atomic, and
/// those two never change. Owner: shared by Connection and its ConnectionStream. Thread: any.
struct Wire {
  GRef<GSocket> socket;
  /// Posts to main that libsoup has closed its stream.
  std::function<void()> closed;

  /// libsoup may no longer use the socket: it reads the end and fails to write.
  std::atomic<bool> cut{false};
  /// Between two requests. Then the end is preceded by one byte, because libsoup 3.2.3 forgets
  /// (and leaks) a connection whose end comes without any; with one, it is a failed request.
  std::atomic<bool> idle{false};
  std::atomic<uint64_t> bytes_written{0};
  /// With a full budget above 0: more bytes read than this without a whole message end the
  /// connection. libsoup bounds a frame, not a message of many.
  std::atomic<int64_t> read_budget{0};
  std::atomic<int64_t> read_budget_full{0};
  /// Monotonic microseconds; 0 if nothing.
  std::atomic<int64_t> first_byte_us{0};     ///< since this was set to 0, bytes came first then
  std::atomic<int64_t> blocked_since_us{0};  ///< the peer takes nothing since
};

}  // namespace ronin::http
