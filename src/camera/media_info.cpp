// SPDX-License-Identifier: MIT
#include "camera/media_info.h"

namespace ronin::camera {

std::optional<VideoInfo> VideoFromCaps(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_get_size(caps) == 0) return std::nullopt;
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  VideoInfo info;
  if (gst_structure_has_name(s, "video/x-h264")) {
    info.codec = "h264";
  } else if (gst_structure_has_name(s, "video/x-h265")) {
    info.codec = "h265";
  } else {
    return std::nullopt;
  }
  if (const char* profile = gst_structure_get_string(s, "profile")) info.profile = profile;
  gst_structure_get_int(s, "width", &info.width);
  gst_structure_get_int(s, "height", &info.height);
  return info;
}

std::optional<AudioInfo> AudioFromCaps(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_get_size(caps) == 0) return std::nullopt;
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const bool opus = gst_structure_has_name(s, "audio/x-opus") != FALSE;
  if (!opus && gst_structure_has_name(s, "audio/mpeg") == FALSE) return std::nullopt;
  AudioInfo info{.codec = opus ? "opus" : "aac"};
  gst_structure_get_int(s, "rate", &info.sample_rate_hz);
  gst_structure_get_int(s, "channels", &info.channels);
  return info;
}

}  // namespace ronin::camera
