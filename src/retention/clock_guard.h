// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "retention/policy.h"

namespace ronin::retention {

/// That nothing is deleted because of its age, since the clock jumped.
struct Held {
  WallTime since{};      ///< by the clock as it is
  WallTime from{};       ///< the clock said this …
  WallTime really{};     ///< … when it was about this time
  std::string sentence;  ///< for people
  bool operator==(const Held&) const = default;
};

/// Watches over the clock that ages are measured with. A clock that jumped is not trusted until
/// somebody says that it is right, or it ends by itself:
/// - it is back where it would be without the jump; what was recorded meanwhile has wrong dates,
/// and
///   its age counts from when it really was (ClockMistake);
/// - it went forward by no more than a month, and the kernel says that it is synchronised by NTP
/// now:
///   it had been wrong before, or the machine had slept.
/// A jump is a step of more than an hour while the recorder runs, in either direction; and at a
/// start a time that lies before when it was seen last, or more than a week behind it (a recorder
/// may well be off for days).
///
/// Waiting costs nothing but space, which is made by deleting the oldest as always; so in doubt it
/// waits. A value of its owner's; pure but for the clock. Thread: main.
class ClockGuard {
 public:
  /// @param synchronised  whether the kernel's clock says `now`, and is set by NTP
  ClockGuard(const Clock& clock, std::function<bool(WallTime now)> synchronised);

  /// What a run before left; before all else.
  void Restore(const std::string& text);
  /// When the recorder was seen alive last, as far as it is known: by the clock of then.
  void StartsAfter(std::optional<WallTime> seen);
  /// Looks at the clock. True: something has changed that must be stored.
  bool Look();
  /// The clock of the last look is right: people say so.
  void Confirm();

  const std::optional<Held>& held() const { return held_; }
  /// What time it is, as well as it is known: the last look's, and what has passed since. So a jump
  /// changes nothing before Look() has judged it.
  WallTime Now() const;
  /// Those known, and the one that lasts.
  std::vector<ClockMistake> Mistakes() const;
  /// To be stored, for Restore().
  std::string ToText() const;

 private:
  void Hold(WallTime from, WallTime really);
  void Keep();
  void Trust();
  bool IsBack(WallTime wall) const;

  const Clock& clock_;
  const std::function<bool(WallTime)> synchronised_;
  WallTime
      base_wall_;  // the clock, when it was trusted last; while held: what time it really was …
  MonoTime base_mono_;  // … and when
  WallTime seen_wall_;  // the clock at the last look
  MonoTime seen_mono_;
  Micros slack_;  // by how much it may be later than that, and is back
  std::optional<Held> held_;
  std::vector<ClockMistake> mistakes_;
};

/// Whether the kernel says that its clock is synchronised, and it says `now`.
bool KernelClockIsSynchronised(WallTime now);

}  // namespace ronin::retention
