// SPDX-License-Identifier: MIT
#pragma once

#include <gst/video/video.h>

#include "demo/clip_spec.h"
#include "demo/elements.h"

namespace ronin::demo {

/// Paints what a spec asks for into the raw pictures that leave a source, before they are encoded.
/// Must outlive the pipeline's run. Thread: constructor on any, then the streaming thread.
class ClipPainter {
 public:
  /// @param source  makes I420 pictures of the spec's size and rate
  /// @param clock   a textoverlay that shows the time; null: none
  ClipPainter(const ClipSpec& spec, GstElement* source, GstElement* clock);
  ClipPainter(const ClipPainter&) = delete;
  ClipPainter& operator=(const ClipPainter&) = delete;

 private:
  GstPadProbeReturn Paint(GstPadProbeInfo* probe);
  void PaintPicture(GstVideoFrame* frame, uint64_t index) const;
  void SetClockText(uint64_t index) const;

  const ClipSpec spec_;
  GstElement* clock_;  // the pipeline's, which lives until its run is over
  GstVideoInfo info_;
};

}  // namespace ronin::demo
