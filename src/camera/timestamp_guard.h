// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace ronin::camera {

/// Makes the presentation times of one track fit for a muxer: present, and neither jumping back nor
/// leaping ahead. Cameras restart their clocks, step them by SNTP and stamp single frames hours
/// away; the media is good all the same, so it is re-stamped by when it arrived.
/// Times in ns. Value of the streaming thread that feeds it.
class TimestampGuard {
 public:
  struct Fixed {
    uint64_t pts_ns;
    bool jumped;  ///< the camera's time jumped here; a new file should begin
  };

  /// @param pts_ns      what the camera said, or nothing
  /// @param arrival_ns  when it came, on any monotonic clock
  Fixed Fix(std::optional<uint64_t> pts_ns, uint64_t arrival_ns);

 private:
  static constexpr int64_t kMaxForward = 5'000'000'000;  // more is a jump, not a late frame
  static constexpr int64_t kMaxBack = 500'000'000;       // less is frame reordering
  static constexpr int64_t kMinStep = 1'000'000;

  bool started_ = false;
  int64_t offset_ = 0;  // added to what the camera says
  int64_t newest_ = 0;  // largest output so far
  uint64_t last_arrival_ = 0;
};

}  // namespace ronin::camera
