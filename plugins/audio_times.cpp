// SPDX-License-Identifier: MIT
#include "audio_times.h"

#include <algorithm>

namespace ronin_plugin {

AudioTimes::Placed AudioTimes::Next(int64_t said, uint32_t duration) {
  if (!started_ || said - next_ > hole_) next_ = said;
  started_ = true;
  const int64_t behind = said - next_;
  int64_t change = 0;
  if (behind > slack_ || behind < -slack_) {
    const int64_t most = int64_t(duration) / 64;
    change = std::clamp(behind, -most, most);
  }
  const Placed out{next_, uint32_t(int64_t(duration) + change)};
  next_ += out.duration;
  return out;
}

}  // namespace ronin_plugin
