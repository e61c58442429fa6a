// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "camera/stream.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// Tells `facts->sender_clock` of the sender reports that come in by an RTCP pad, for the life of
/// the pad. Malformed ones are skipped.
void WatchReports(GstPad* rtcp, std::shared_ptr<StreamFacts> facts);

/// Tells it of the packets that it asks for, of those that come out of an RTP pad.
void WatchPackets(GstPad* rtp, std::shared_ptr<StreamFacts> facts);

}  // namespace ronin::camera
