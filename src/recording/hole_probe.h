// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>

#include "base/clock.h"
#include "gst/gst_ref.h"
#include "gst/pad_probe.h"
#include "recording/hole_watch.h"

namespace ronin::recording {

/// When a frame, or the first frame of a fragment, was taken (GstReferenceTimestampMeta
/// `timestamp/x-unix`). Any thread.
std::optional<WallTime> UtcOf(GstBuffer* buffer);

/// Looks for holes in the video that goes into a tee, until the probe is removed. Thread: main.
/// @param on_hole  runs on the streaming thread, also once more while the probe is being removed
gst::PadProbe WatchHoles(GstElement* video_tee, std::function<void(const Hole&)> on_hole);

}  // namespace ronin::recording
