// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <gio/gio.h>

#include "camera/camera_error.h"

namespace ronin::camera {

/// Finds out why no connection to a camera comes about, which rtspsrc does not tell: opens a TCP
/// connection and closes it. Thread: main; asynchronous; the answer is dropped when it is
/// destroyed.
class ReachabilityProbe {
 public:
  using Done = std::function<void(const std::string& code, const std::string& message)>;

  /// @param limit  how long an answer is waited for
  explicit ReachabilityProbe(std::chrono::milliseconds limit = std::chrono::seconds(3))
      : limit_(limit) {}
  ReachabilityProbe(const ReachabilityProbe&) = delete;
  ReachabilityProbe& operator=(const ReachabilityProbe&) = delete;
  ~ReachabilityProbe() { Cancel(); }

  /// Calls `done` once, within the limit: code "refused", "timeout" or "unreachable" with a
  /// sentence, or "not_rtsp" when something answers there after all.
  void Start(const std::string& host, uint16_t port, Done done);
  void Cancel();

 private:
  struct Attempt;
  static void OnConnected(GObject* client, GAsyncResult* result, gpointer data) noexcept;

  const std::chrono::milliseconds limit_;
  std::shared_ptr<Attempt> attempt_;  // shared with the connection that is under way
};

}  // namespace ronin::camera
