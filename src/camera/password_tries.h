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

/// What became of the password in one connection. Any thread.
class PasswordUse {
 public:
  enum class State {
    kPending,     ///< the camera may still ask for it
    kNotNeeded,   ///< it has described its stream without
    kSent,        ///< it has not answered yet
    kRefused,     ///< it has asked again
    kAccepted,    ///< it has gone on
    kUnanswered,  ///< sent, but the connection ended before an answer
    kEnded,       ///< the connection ended before it was sent
  };

  State state() const { return state_; }
  /// It is sent next. False: it must not be, since the connection has been given up.
  bool Send();
  void Refused();
  /// @param described  the answer describes the stream
  void Accepted(bool described);
  /// The connection is given up; what was not sent will not be.
  void Ended();

 private:
  bool Go(State from, State to) { return state_.compare_exchange_strong(from, to); }

  std::atomic<State> state_{State::kPending};
};

/// Counts how often cameras refuse a password, over connections and tests, whatever made them
/// begin: some cameras lock the account after a few. Another password, user, host or port is
/// counted anew, and refusals before one that was accepted count no more. What is under way may be
/// refused, too, so it counts until it is known. Kept in memory only. Thread: main.
class PasswordTries {
 public:
  static constexpr size_t kMost = 3;
  /// Five minutes, and one second, since the camera sees it a little later.
  static constexpr std::chrono::seconds kWindow{301};
  static constexpr std::chrono::milliseconds kSoon{200};

  /// A connection begins that will send the password of `source` if it is asked for it.
  void Began(const RtspSource& source, std::shared_ptr<const PasswordUse> use, MonoTime now);
  /// How long to wait before that password may be sent again, rounded up; 0: now. Up to kSoon: ask
  /// again then, others are trying it.
  /// @param most  tries in the window
  std::chrono::milliseconds Wait(const RtspSource& source, MonoTime now, size_t most = kMost);

  /// For people, of a password that has to wait.
  static constexpr const char* kSentence =
      "The camera has not accepted this user name and password three times in five minutes, so "
      "they are not sent now, or it could lock the account; correct them, or wait a few minutes.";

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
