// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <gst/sdp/gstsdpmessage.h>

namespace ronin::camera {

/// Mends what cameras write wrongly in the description of their stream, as far as rtspsrc would
/// stumble over it. Any thread.
/// @param base  what relative addresses belong to, when the camera says nothing usable; else empty
void RepairSdp(GstSDPMessage* sdp, const std::string& base);

}  // namespace ronin::camera
