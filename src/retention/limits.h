// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.h"
#include "base/result.h"
#include "base/stream_id.h"
#include "config/camera_record.h"
#include "config/setting_store.h"
#include "storage/volume.h"

namespace ronin::retention {

/// How long footage is kept, as people set it for all cameras. A value.
struct Limits {
  std::optional<int64_t> days;       ///< of cameras without a limit of their own; nothing: none
  std::optional<int64_t> bytes;      ///< all footage together; nothing: what there is room for
  std::optional<int64_t> min_days;   ///< what each camera keeps before others' space is spared
  std::optional<int64_t> sub_days;   ///< of sub streams; nothing: as for the main stream
  std::optional<int64_t> sub_bytes;  ///< all sub streams together
  std::optional<int64_t> min_free;   ///< bytes kept free on each volume, see ReserveOf()
  bool operator==(const Limits&) const = default;
};

/// One field of Limits, as people and the database name it.
struct LimitField {
  const char* name;
  std::optional<int64_t> Limits::*field;
  int64_t min;
  int64_t max;
};
std::span<const LimitField> LimitFields();

/// What people have set; before that, footage is kept until its space is needed. What cannot be
/// read is no limit. Errors: of the database, whose thread this is for.
Result<Limits> ReadLimits(SettingStore& store);
Status WriteLimits(SettingStore& store, const Limits& limits, WallTime now);

/// How long one stream is kept. A value.
struct StreamLimits {
  std::optional<Micros> max_age;
  std::optional<int64_t> max_bytes;
  Micros min_age{};  ///< stands against the limits of all together, and against the need for space
};

/// What of it holds for one stream.
/// @param camera  nullptr: the camera is deleted, and its footage stayed
StreamLimits LimitsOf(const Limits& limits, const CameraRecord* camera, StreamKind stream);

/// 2 % of a volume, at least 2 GiB, at most a tenth of it.
int64_t DefaultMinFree(int64_t capacity_bytes);

/// What is to be free on a volume. A value.
struct Reserve {
  int64_t floor_bytes = 0;  ///< what is to stay free
  int64_t low_bytes = 0;    ///< with less than that, room is made at once
  int64_t goal_bytes = 0;   ///< … until there is this much
  int64_t low_files = 0;    ///< the same for how many files can still be made
  int64_t goal_files = 0;
};

/// Enough that recording meets no full disk: what is written in the seconds until room is made is
/// on top of what is to stay free, but no more than a twentieth of the volume. What is to stay free
/// is never more than a tenth of it; where people have not set it, DefaultMinFree().
/// @param write_bps  bytes per second by which the free space shrinks
Reserve ReserveOf(const Limits& limits, const FreeSpace& space, int64_t write_bps);

}  // namespace ronin::retention
