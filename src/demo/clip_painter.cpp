// SPDX-License-Identifier: MIT
#include "demo/clip_painter.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "demo/bar_code.h"
#include "demo/scene.h"

namespace ronin::demo {
namespace {

Plane PlaneOf(GstVideoFrame* frame, int component) {
  return {static_cast<uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(frame, component)),
          GST_VIDEO_FRAME_COMP_STRIDE(frame, component),
          GST_VIDEO_FRAME_COMP_WIDTH(frame, component),
          GST_VIDEO_FRAME_COMP_HEIGHT(frame, component)};
}

/// Takes the colour from the strip under the bar code.
void ClearColour(const Plane& plane, int luma_height) {
  const int rows = (luma_height / kBarCodeHeightDivisor + 1) / 2;
  std::memset(plane.data, 128, size_t(rows) * size_t(plane.stride));
}

}  // namespace

ClipPainter::ClipPainter(const ClipSpec& spec, GstElement* source, GstElement* clock)
    : spec_(spec), clock_(clock) {
  gst_video_info_set_format(&info_, GST_VIDEO_FORMAT_I420, guint(spec.width), guint(spec.height));
  const GstPtr<GstPad> pad(gst_element_get_static_pad(source, "src"));
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* probe, gpointer self) noexcept {
        return static_cast<ClipPainter*>(self)->Paint(probe);
      },
      this, nullptr);
}

// --- Streaming thread ----------------------------------------------------------------------------

GstPadProbeReturn ClipPainter::Paint(GstPadProbeInfo* probe) {
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(probe));
  GST_PAD_PROBE_INFO_DATA(probe) = buffer;
  const uint64_t index =
      (GST_BUFFER_PTS(buffer) * uint64_t(spec_.fps) + GST_SECOND / 2) / GST_SECOND;
  GstVideoFrame frame;
  if (!gst_video_frame_map(&frame, &info_, buffer, GST_MAP_READWRITE)) return GST_PAD_PROBE_DROP;
  PaintPicture(&frame, index);
  gst_video_frame_unmap(&frame);
  if (clock_ != nullptr) SetClockText(index);
  return GST_PAD_PROBE_OK;
}

void ClipPainter::PaintPicture(GstVideoFrame* frame, uint64_t index) const {
  const Picture picture{PlaneOf(frame, 0), PlaneOf(frame, 1), PlaneOf(frame, 2)};
  if (spec_.kind == ClipKind::kScene) {
    PaintScene(picture, spec_.pattern, double(index) / spec_.fps);
    return;
  }
  DrawBarCode(picture.luma, uint32_t(index));
  ClearColour(picture.blue, picture.luma.height);
  ClearColour(picture.red, picture.luma.height);
}

/// The seconds of the minute and their tenths: the clip is played in phase with them.
void ClipPainter::SetClockText(uint64_t index) const {
  const uint64_t tenths = index * 10 / uint64_t(spec_.fps);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), ":%02d.%d", int(tenths / 10 % 60), int(tenths % 10));
  g_object_set(clock_, "text", text.data(), nullptr);
}

}  // namespace ronin::demo
