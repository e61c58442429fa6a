// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/source.h"

namespace ronin::camera {

/// Asks whether an RTSP server answers at an address: OPTIONS for the server as a whole, without a
/// path and without credentials, so that it is no attempt to sign in. Any answer counts; a
/// certificate is not looked at. Thread: main; asynchronous.
class RtspPing {
 public:
  using Done = std::function<void(bool answers)>;

  RtspPing() = default;
  RtspPing(const RtspPing&) = delete;
  RtspPing& operator=(const RtspPing&) = delete;
  ~RtspPing() { Cancel(); }

  /// Calls `done` once, within 4 s, unless it is cancelled; `done` may destroy this.
  void Start(const std::string& host, uint16_t port, bool tls, Done done);
  void Cancel();

 private:
  struct Attempt;
  static void Finish(const std::shared_ptr<Attempt>& attempt, bool answers);

  std::shared_ptr<Attempt> attempt_;  // shared with the calls that are under way
  Source limit_;
};

}  // namespace ronin::camera
