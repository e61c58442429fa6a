// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <gst/gst.h>

namespace ronin::camera {

/// What a camera's video track is. Codec names are those of the API: "h264", "h265".
struct VideoInfo {
  std::string codec;
  std::string profile;
  int width = 0;
  int height = 0;

  bool operator==(const VideoInfo&) const = default;
};

/// What is recorded and shown of a camera's audio, after encoding if there was any: "aac".
struct AudioInfo {
  std::string codec;
  int sample_rate_hz = 0;
  int channels = 0;

  bool operator==(const AudioInfo&) const = default;
};

/// Reads them from the caps of a parsed track; nothing when the caps are of another kind.
std::optional<VideoInfo> VideoFromCaps(const GstCaps* caps);
std::optional<AudioInfo> AudioFromCaps(const GstCaps* caps);

}  // namespace ronin::camera
