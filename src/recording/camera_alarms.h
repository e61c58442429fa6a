// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/alarms.h"
#include "base/held_condition.h"
#include "base/source.h"
#include "camera/cameras.h"
#include "recording/recorders.h"
#include "storage/volumes.h"

namespace ronin::recording {

/// Raises the alarm of cameras that are to be recorded and are not: after a minute, and at once
/// when the password was refused, because that does not end by itself. It ends when the camera has
/// been recorded for ten seconds, or is not to be any more. While there is no volume to record to,
/// no camera is to blame. Thread: main.
class CameraAlarms {
 public:
  /// All of it outlives this.
  struct Context {
    const camera::Cameras& cameras;
    const Recorders& recorders;
    Volumes& volumes;
    Alarms& alarms;
    const Clock& clock;
  };
  /// What is known of one camera now.
  struct Facts {
    int64_t id = 0;
    bool wanted = false;   ///< any stream of it is to be recorded
    bool down = false;     ///< … and is not
    bool refused = false;  ///< … because of the password
    std::string sentence;  ///< what is wrong, while it is down
  };

  /// Looks every second from now on.
  explicit CameraAlarms(const Context& context);

  /// Looks now, at these cameras; there are no others.
  void Look(const std::vector<Facts>& all);

 private:
  struct Watched {
    HeldCondition down;
    HeldCondition refused;
    std::string sentence;
  };
  Facts FactsOf(const camera::Camera& camera) const;
  void AddStream(StreamId id, Facts* facts) const;

  const Context context_;
  std::map<int64_t, Watched> watched_;
  Source timer_;
};

}  // namespace ronin::recording
