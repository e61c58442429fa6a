// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/clock.h"

namespace ronin::camera {

/// Tells silence of a camera from a pause of this program (stopped by a debugger, a frozen virtual
/// machine): behind a pause, what came meanwhile has not been read yet. Value; its owner's thread.
class PauseWatch {
 public:
  /// To be called several times a second.
  /// @param now  on the monotonic clock
  /// @return the end of the newest pause; the beginning of time when there was none
  MonoTime Look(MonoTime now) {
    if (looked_ && now - *looked_ > kPause) resumed_ = now;
    looked_ = now;
    return resumed_;
  }
  /// Looks again from here on, after having looked away.
  void Restart() { *this = {}; }

 private:
  static constexpr Micros kPause{2'000'000};

  std::optional<MonoTime> looked_;
  MonoTime resumed_{};
};

}  // namespace ronin::camera
