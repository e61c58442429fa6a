// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/mailbox.h"
#include "base/result.h"
#include "base/worker.h"
#include "camera/probe.h"

namespace ronin::camera {

/// The tests of cameras that run now: kMost at once, so that they take neither the machine nor the
/// network from the recordings. Thread: main; keyframes are decoded on one thread, "snapshot".
class Probes {
 public:
  static constexpr size_t kMost = 4;
  static constexpr size_t kMostHeld = 4;  ///< that are over, but whose connections do not end

  /// All outlive this. A test counts as a try of its password.
  Probes(const Clock& clock, gst::Reaper& reaper, PasswordTries& passwords);

  /// Begins a test; see Probe for `running`. `done` is called once, on main, within 5 s, unless it
  /// is cancelled. Gives the number for Cancel().
  /// Errors: kUnavailable when too many run already, or after Stop().
  Result<uint64_t> Start(Probe::Target target, const Stream* running, Probe::Done done);
  /// Ends a test whose result nobody wants any more. One that is over is no error.
  void Cancel(uint64_t number) { probes_.erase(number); }
  /// Ends all with an error, and begins no further ones.
  void Stop();

  size_t size() const { return probes_.size(); }

 private:
  Worker pictures_{"snapshot"};
  const Probe::Context context_;
  std::map<uint64_t, std::unique_ptr<Probe>> probes_;
  uint64_t next_ = 1;
  bool stopped_ = false;
  Mailbox mailbox_;
};

}  // namespace ronin::camera
