// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace ronin::camera {

/// Makes the presentation times of one track fit for a muxer: present, and neither jumping back nor
/// leaping ahead, nor running away from the time that passes. Cameras restart their clocks, step
/// them by SNTP, freeze them and stamp single frames hours away; the media is good all the same, so
/// it is re-stamped by when it arrived. One or two frames out of line are outliers; the third that
/// agrees with them is a new time line, which a new file should begin with.
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
  static constexpr int64_t kSecond = 1'000'000'000;
  static constexpr int64_t kMaxForward = 5 * kSecond;  // more is a jump, not a late frame
  static constexpr int64_t kMaxBack = kSecond / 2;     // less is frame reordering
  static constexpr int64_t kMinStep = 1'000'000;
  static constexpr int64_t kMaxAhead = kSecond;       // of the time that passed: cannot be
  static constexpr int64_t kMaxBehind = 5 * kSecond;  // more than what is late, pauses apart
  static constexpr int64_t kLearn = 5 * kSecond;      // a connection may begin with old frames
  static constexpr int64_t kWindow = 60 * kSecond;    // how often the lead is measured anew
  static constexpr int64_t kDrift = kSecond / 2;      // … and by how much it may have changed
  static constexpr int64_t kAlike = kSecond;          // outliers that belong together
  static constexpr int kNewLine = 3;                  // so many are a new time line

  void BeginLine(int64_t lead);
  bool RunsAway(int64_t out, int64_t arrival);
  Fixed Restamp(int64_t said, int64_t by_arrival);

  bool started_ = false;
  int64_t offset_ = 0;  // added to what the camera says
  int64_t newest_ = 0;  // largest output so far
  int64_t last_arrival_ = 0;
  int64_t late_ = 0;          // the newest pause without frames, less the time since
  int64_t lead_ = 0;          // output less arrival of the least delayed frame
  int64_t window_lead_ = 0;   // the same, in the present window
  int64_t window_start_ = 0;  // arrival
  int64_t first_arrival_ = 0;
  int64_t odd_offset_ = 0;
  int odd_ = 0;  // frames out of line, one after the other, that agree
};

}  // namespace ronin::camera
