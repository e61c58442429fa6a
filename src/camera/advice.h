// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "camera/frame_figures.h"
#include "camera/media_info.h"

namespace ronin::camera {

/// What the test of a camera's stream found.
struct StreamReport {
  bool sub = false;  ///< it is the sub stream
  VideoInfo video;
  FrameFigures figures;
  bool audio_wanted = true;
  bool audio_offered = false;                 ///< the camera describes a track that can be recorded
  std::optional<AudioInfo> audio;             ///< as it is recorded
  std::string audio_encoding;                 ///< as the camera sends it, by its RTP name: "PCMU"
  std::optional<Micros> time_to_first_frame;  ///< nothing: it was streaming already
  std::optional<Micros> clock_offset;         ///< the camera's clock less ours, if it says
};

/// What could be set better in the camera, a sentence each, the most important first; empty: it is
/// well as it is. Any thread.
std::vector<std::string> AdviceOn(const StreamReport& report);

/// What the advice asks for, as far as a camera can be set to it; what is absent is to stay.
struct Fix {
  std::string codec;  ///< empty: stays
  std::optional<int> width;
  std::optional<int> height;
  std::optional<double> fps;
  std::optional<double> keyframe_interval_s;
  std::optional<int64_t> bitrate_bps;
  bool set_clock = false;
  bool operator==(const Fix&) const = default;
};

/// The settings that AdviceOn() asks for; Fix() when there are none. Any thread.
Fix FixFor(const StreamReport& report);

}  // namespace ronin::camera
