// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "base/g_ref.h"
#include "camera/camera_error.h"

namespace ronin::camera {

/// Finds out why no connection to a camera comes about, which rtspsrc does not tell: opens a TCP
/// connection and closes it. Thread: main; asynchronous; the answer is dropped when it is
/// destroyed.
class ReachabilityProbe {
 public:
  using Done = std::function<void(const std::string& code, const std::string& message)>;

  ReachabilityProbe() = default;
  ReachabilityProbe(const ReachabilityProbe&) = delete;
  ReachabilityProbe& operator=(const ReachabilityProbe&) = delete;
  ~ReachabilityProbe() { Cancel(); }

  /// Calls `done` once, within 3 s: code "refused", "timeout" or "unreachable" with a sentence, or
  /// "not_rtsp" when something answers there after all.
  void Start(const std::string& host, uint16_t port, Done done);
  void Cancel();

 private:
  GRef<GCancellable> cancellable_;
};

}  // namespace ronin::camera
