// SPDX-License-Identifier: MIT
#include "camera/connect_pace.h"

#include <algorithm>

namespace ronin::camera {

std::chrono::milliseconds ConnectPace::Take(MonoTime now) {
  constexpr Micros kSpacing{80'000};
  // After a pause, so many turns have been saved up.
  const MonoTime turn = std::max(next_, now - (at_once_ - 1) * kSpacing);
  next_ = turn + kSpacing;
  return std::chrono::ceil<std::chrono::milliseconds>(std::max(turn - now, Micros(0)));
}

}  // namespace ronin::camera
