// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "retention/limits.h"

namespace ronin::retention {

/// How much of one stream comes to one volume.
struct LaneRate {
  int64_t volume_id = 0;
  StreamId stream{0};
  int64_t size_bytes = 0;     ///< that is there now
  int64_t bytes_per_day = 0;  ///< that comes at the present rate
  StreamLimits limits;
};

/// What a volume still takes.
struct VolumeRoom {
  int64_t id = 0;
  int64_t free_bytes = 0;  ///< above what stays free
};

/// What will be, at the present rate.
struct Forecast {
  /// Days that each stream with a rate will keep; nothing: without end, as far as can be seen.
  std::map<StreamId, std::optional<double>> keeps_days;
  /// In how many days deletion for room begins on each volume; nothing: never.
  std::map<int64_t, std::optional<double>> full_in_days;
  /// … on any of them.
  std::optional<double> any_full_in_days;
  /// Whether there is room for what cameras are to keep at least.
  bool minimum_fits = true;
  int64_t minimum_bytes = 0;  ///< what that takes
  int64_t room_bytes = 0;     ///< what there is for footage

  /// Of its main stream; of its sub stream when only that has a rate. Nothing as in keeps_days, or
  /// it has no rate.
  std::optional<double> DaysOfCamera(int64_t camera_id) const;
  /// The fewest of all cameras.
  std::optional<double> LeastDays() const;
};

/// Pure. Volumes count as one when it comes to how long footage is kept: a full one hands its
/// cameras to the others.
/// @param limits  those of all lanes together count
Forecast Foresee(const std::vector<LaneRate>& lanes, const std::vector<VolumeRoom>& volumes,
                 const Limits& limits);

}  // namespace ronin::retention
