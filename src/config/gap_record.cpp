// SPDX-License-Identifier: MIT
#include "config/gap_record.h"

#include <array>
#include <utility>

namespace ronin {
namespace {

constexpr std::array<std::pair<GapReason, std::string_view>, kGapReasons.size()> kNames = {
    {{GapReason::kUnknown, "unknown"},
     {GapReason::kCamera, "camera"},
     {GapReason::kNetwork, "network"},
     {GapReason::kAuth, "auth"},
     {GapReason::kDisk, "disk"},
     {GapReason::kOverload, "overload"},
     {GapReason::kSchedule, "schedule"},
     {GapReason::kStopped, "stopped"},
     {GapReason::kClock, "clock"},
     {GapReason::kRestart, "restart"},
     {GapReason::kCrash, "crash"},
     {GapReason::kPower, "power"},
     {GapReason::kDeleted, "deleted"}}};

}  // namespace

std::string_view ToString(GapReason reason) {
  for (const auto& [value, name] : kNames) {
    if (value == reason) return name;
  }
  return "unknown";
}

GapReason GapReasonFromText(std::string_view text) {
  for (const auto& [value, name] : kNames) {
    if (name == text) return value;
  }
  return GapReason::kUnknown;
}

}  // namespace ronin
