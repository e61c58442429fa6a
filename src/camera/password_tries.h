// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"

namespace ronin::camera {

struct RtspSource;

/// What became of the password in one connection. Set on the threads of rtspsrc; read on any.
struct PasswordUse {
  enum class State {
    kNotSent,   ///< the camera has not asked for it
    kSent,      ///< it has not answered yet
    kRefused,   ///< it has asked again
    kAccepted,  ///< it has gone on
  };
  std::atomic<State> state{State::kNotSent};
};

/// Counts how often cameras refuse a password, over connections and tests, whatever made them
/// begin: some cameras lock the account after a few. Another password, user, host or port is
/// counted anew, and one that is accepted counts no more. Kept in memory only. Thread: main.
class PasswordTries {
 public:
  static constexpr size_t kMost = 3;
  /// Five minutes, and one second, since the camera sees it a little later.
  static constexpr std::chrono::seconds kWindow{301};

  /// A connection begins that will send the password of `source` if it is asked for it.
  void Began(const RtspSource& source, std::shared_ptr<const PasswordUse> use, MonoTime now);
  /// How long to wait before that password may be sent again, rounded up; 0: now.
  std::chrono::milliseconds Wait(const RtspSource& source, MonoTime now);

  /// For people, of a password that has to wait.
  static constexpr const char* kSentence =
      "The camera has refused this user name and password three times in five minutes, so they are "
      "not sent now, or it could lock the account; correct them, or wait a few minutes.";

 private:
  static constexpr size_t kMostKept = 1000;  // of all cameras; then the oldest is forgotten

  struct Try {
    std::string key;
    MonoTime at;
    std::shared_ptr<const PasswordUse> use;
  };
  void Forget(MonoTime now);

  std::vector<Try> tries_;  // by time
};

}  // namespace ronin::camera
