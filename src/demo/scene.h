// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "demo/bar_code.h"

namespace ronin::demo {

/// The three planes of an I420 picture; borrowed for the call.
struct Picture {
  Plane luma;
  Plane blue;
  Plane red;
};

/// True for "door", "driveway", "garden", "garage" and "street".
bool IsPlace(const std::string& place);

/// Paints what a camera at that place might see: still surroundings, and things that pass by from
/// time to time, so that there is motion and calm. Repeats after 60 s without a seam. Leaves the
/// picture alone when the place is not known. Any thread.
///
/// @param seconds  of the minute, 0 to 60
void PaintScene(const Picture& picture, const std::string& place, double seconds);

}  // namespace ronin::demo
