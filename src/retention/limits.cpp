// SPDX-License-Identifier: MIT
#include "retention/limits.h"

#include <algorithm>
#include <limits>

#include "base/json.h"

namespace ronin::retention {
namespace {

std::optional<Micros> AgeOf(const std::optional<int64_t>& days) {
  return days ? std::optional<Micros>(std::chrono::hours(24 * *days)) : std::nullopt;
}

std::optional<int64_t> FirstOf(const std::optional<int64_t>& a, const std::optional<int64_t>& b) {
  return a ? a : b;
}

constexpr int64_t kMostDays = 36500;
constexpr int64_t kMostBytes = std::numeric_limits<int64_t>::max();
constexpr LimitField kFields[] = {{"retention_days", &Limits::days, 1, kMostDays},
                                  {"retention_bytes", &Limits::bytes, 1, kMostBytes},
                                  {"retention_min_days", &Limits::min_days, 1, kMostDays},
                                  {"sub_retention_days", &Limits::sub_days, 1, kMostDays},
                                  {"sub_retention_bytes", &Limits::sub_bytes, 1, kMostBytes},
                                  {"min_free_bytes", &Limits::min_free, 0, kMostBytes}};
constexpr const char* kKey = "storage.policy";

}  // namespace

std::span<const LimitField> LimitFields() { return kFields; }

Result<Limits> ReadLimits(SettingStore& store) {
  const auto text = store.Get(kKey);
  if (!text) return Fail(text.error());
  Limits out;
  if (!*text) return out;
  const auto value = JsonValue::Parse(**text);
  if (!value) return out;
  for (const LimitField& one : kFields) {
    const auto member = value->Member(one.name);
    const auto number = member ? member->AsInt() : std::nullopt;
    if (number && *number >= one.min && *number <= one.max) out.*one.field = *number;
  }
  return out;
}

Status WriteLimits(SettingStore& store, const Limits& limits, WallTime now) {
  JsonWriter json;
  json.Object();
  for (const LimitField& one : kFields) {
    if (limits.*one.field) json.Key(one.name).Int(*(limits.*one.field));
  }
  return store.Set(kKey, json.End().Text(), now);
}

StreamLimits LimitsOf(const Limits& limits, const CameraRecord* camera, StreamKind stream) {
  static const CameraRecord kNone;
  const CameraRecord& own = camera != nullptr ? *camera : kNone;
  const bool sub = stream == StreamKind::kSub;
  auto days = sub ? own.sub_retention_days : own.retention_days;
  if (sub && !days && !limits.sub_days) days = own.retention_days;
  if (!days) {
    days = sub ? FirstOf(limits.sub_days, limits.days) : limits.days;
    // What a camera keeps at least wins over a limit that is not its own.
    if (days) days = std::max(*days, own.retention_min_days.value_or(0));
  }
  StreamLimits out;
  out.max_age = AgeOf(days);
  out.max_bytes = sub ? own.sub_retention_bytes : own.retention_bytes;
  out.min_age = AgeOf(FirstOf(own.retention_min_days, limits.min_days)).value_or(Micros(0));
  return out;
}

int64_t DefaultMinFree(int64_t capacity_bytes) {
  constexpr int64_t kLeast = int64_t(2) << 30;
  return std::min(std::max(capacity_bytes / 50, kLeast), capacity_bytes / 10);
}

Reserve ReserveOf(const Limits& limits, const FreeSpace& space, int64_t write_bps) {
  constexpr int64_t kAhead = 6;                        // seconds: a look, a plan, a batch of files
  constexpr int64_t kRoomToBegin = int64_t(20) << 20;  // more than Volume::CheckRoom() asks for
  constexpr int64_t kMargin = int64_t(64) << 20;
  constexpr int64_t kFiles = 1000;
  const auto total = int64_t(space.total_bytes);
  Reserve out;
  out.floor_bytes = std::min(limits.min_free.value_or(DefaultMinFree(total)), total / 10);
  const int64_t least = std::max(out.floor_bytes, std::min(kRoomToBegin, total / 16));
  const int64_t ahead = std::clamp(write_bps * kAhead, std::min(kMargin, total / 200), total / 20);
  out.low_bytes = least + ahead;
  out.goal_bytes = least + 2 * ahead;
  if (space.total_files > 0) {
    out.low_files = std::min(kFiles, int64_t(space.total_files) / 20);
    out.goal_files = out.low_files * 2;
  }
  return out;
}

}  // namespace ronin::retention
