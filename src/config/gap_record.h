// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/stream_id.h"

namespace ronin {

/// Why a time was not recorded.
enum class GapReason {
  kUnknown,   ///< nobody wrote it down
  kCamera,    ///< the camera sent nothing, or nothing that can be recorded
  kNetwork,   ///< the camera could not be reached
  kAuth,      ///< the camera refused user or password
  kDisk,      ///< the storage was full, away or broken
  kOverload,  ///< the machine or its disk was too slow, and pictures were dropped
  kSchedule,  ///< the camera's schedule wanted no recording
  kStopped,   ///< somebody switched recording or the camera off, or changed the camera
  kClock,     ///< the system's clock was set forward: this time never was
  kRestart,   ///< the recorder was stopped in order
  kCrash,     ///< the recorder ended without having been told to
  kPower,     ///< the machine went down without stopping the recorder
  kDeleted,   ///< the recording was deleted
};

/// All of them.
inline constexpr std::array kGapReasons = {
    GapReason::kUnknown, GapReason::kCamera,   GapReason::kNetwork,  GapReason::kAuth,
    GapReason::kDisk,    GapReason::kOverload, GapReason::kSchedule, GapReason::kStopped,
    GapReason::kClock,   GapReason::kRestart,  GapReason::kCrash,    GapReason::kPower,
    GapReason::kDeleted};

std::string_view ToString(GapReason reason);         ///< "camera", "network", …
GapReason GapReasonFromText(std::string_view text);  ///< kUnknown for other words

/// A reason, and what it was more exactly (a code, such as "timeout"; or empty). A value.
struct GapCause {
  GapReason reason = GapReason::kUnknown;
  std::string detail;
  bool operator==(const GapCause&) const = default;
};

/// A stored time without recording. A value; any thread.
struct GapRecord {
  int64_t camera_id = 0;
  StreamKind stream = StreamKind::kMain;
  WallTime start{};
  std::optional<WallTime> end;  ///< nothing: it lasts
  GapCause cause;
  bool in_file = false;  ///< pictures are missing inside a file that covers this time

  StreamId stream_id() const { return {camera_id, stream}; }
  bool operator==(const GapRecord&) const = default;
};

}  // namespace ronin
