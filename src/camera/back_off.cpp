// SPDX-License-Identifier: MIT
#include "camera/back_off.h"

#include <algorithm>

namespace ronin::camera {

std::chrono::milliseconds BackOff::Next(double spread, std::chrono::milliseconds longest) {
  constexpr double kFirst = 500;
  const double base =
      std::min(double(longest.count()), kFirst * double(1 << std::min(failures_, 10)));
  ++failures_;
  return std::chrono::milliseconds(int64_t(base * (0.8 + 0.4 * spread)));
}

}  // namespace ronin::camera
