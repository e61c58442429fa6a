// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace ronin_plugin {

/// Places audio frames on the track's time axis one behind the other, as players want them, and
/// still true: what the camera's clock says is followed by making frames up to 1/64 longer or
/// shorter, and only a hole of more than 250 ms is left as a hole. Nothing is thrown away and
/// nothing overlaps. In units of the track. Value; not thread-safe.
class AudioTimes {
 public:
  struct Placed {
    int64_t time;
    uint32_t duration;
  };

  AudioTimes() = default;
  /// @param timescale  units per second
  explicit AudioTimes(uint32_t timescale) : hole_(timescale / 4), slack_(timescale / 100) {}

  /// @param said      when the frame begins, by the camera
  /// @param duration  what it lasts
  Placed Next(int64_t said, uint32_t duration);

  /// The time axis moved by so much.
  void Move(int64_t by) { next_ += by; }

 private:
  int64_t hole_ = 0;
  int64_t slack_ = 0;
  int64_t next_ = 0;
  bool started_ = false;
};

}  // namespace ronin_plugin
