// SPDX-License-Identifier: MIT
#include "recording/hole_probe.h"

#include <memory>
#include <utility>

#include "gst/element.h"

namespace ronin::recording {

std::optional<WallTime> UtcOf(GstBuffer* buffer) {
  static GstStaticCaps unix_time = GST_STATIC_CAPS("timestamp/x-unix");
  const GRef<GstCaps> caps = Adopt(gst_static_caps_get(&unix_time));
  const auto* meta = gst_buffer_get_reference_timestamp_meta(buffer, caps.Get());
  if (meta == nullptr) return std::nullopt;
  return FromMicros(int64_t(meta->timestamp / 1000));
}

gst::PadProbe WatchHoles(GstElement* video_tee, std::function<void(const Hole&)> on_hole) {
  auto watch = std::make_shared<HoleWatch>(std::move(on_hole));
  return {gst::StaticPad(video_tee, "sink"),
          GstPadProbeType(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
          [watch](GstPad*, GstPadProbeInfo* info) {
            if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) == 0) {
              if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) watch->Flush();
              return GST_PAD_PROBE_OK;
            }
            GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
            if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_RESYNC) != FALSE) watch->Flush();
            if (const auto utc = UtcOf(buffer)) {
              watch->Look({GST_BUFFER_PTS(buffer), *utc, GST_BUFFER_IS_DISCONT(buffer) != FALSE});
            }
            return GST_PAD_PROBE_OK;
          }};
}

}  // namespace ronin::recording
