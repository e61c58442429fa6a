// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace ronin {

/// The hours of the week in which a camera is recorded:
///
///   {"mon":[["08:00","12:30"],["13:00","18:00"]],"sat":[["00:00","24:00"]]}
///
/// A day that is not there has no hours; `{}` never wants a recording. Hours are those that a clock
/// on the site's wall shows, so an hour that a change to summer time leaves out is not recorded,
/// and one that comes twice is recorded twice. A value; any thread.
class Schedule {
 public:
  /// Errors: kInvalidArgument with a sentence that says which day is wrong, and how to write it.
  static Result<Schedule> Parse(const JsonValue& value);
  static Result<Schedule> FromText(const std::string& text);
  /// As JSON, days and hours in order; FromText() reads it back.
  std::string ToText() const;
  void Write(JsonWriter& json) const;

  /// Whether it wants a recording at `time`. Changes at whole minutes only.
  /// @param zone  IANA name of the site's time zone; one that is not known counts as UTC
  bool Wants(WallTime time, const std::string& zone) const;

  bool operator==(const Schedule&) const = default;

 private:
  /// Minutes since midnight, [from, to).
  struct Hours {
    int from = 0;
    int to = 0;
    bool operator==(const Hours&) const = default;
  };
  static Result<std::vector<Hours>> ParseDay(const std::string& day, const JsonValue& value);

  std::array<std::vector<Hours>, 7> days_;  // Monday first; in order, none overlaps
};

}  // namespace ronin
