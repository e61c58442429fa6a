// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include <gst/gst.h>

#include "mp4/box_writer.h"

namespace ronin_plugin {

/// What a track is, as its caps say. A value.
struct Mp4Track {
  bool video = true;
  uint32_t timescale = 90000;  ///< units per second: 90000 for video, else samples per second
  uint32_t nominal = 0;        ///< usual duration of a sample, in these units; 0: not known
  int width = 0;               ///< pixels
  int height = 0;              ///< pixels
  Bytes sample_entry;          ///< `avc1`, `hvc1`, `av01`, `mp4a` or `Opus`, with all in it

  bool operator==(const Mp4Track&) const = default;
};

/// Reads caps: video/x-h264 (avc), video/x-h265 (hvc1), video/x-av1 with their codec_data,
/// audio/mpeg (raw AAC) with its codec_data, audio/x-opus. Nothing when they do not say enough.
std::optional<Mp4Track> TrackFromCaps(const GstCaps* caps);

/// The init segment: `ftyp` and `moov` of fragmented MP4 with these tracks. Video is track 1, audio
/// track 2. Brand `iso6`, and CMAF's `cmfc` where there is a single track (ISO/IEC 23000-19, 7.2).
Bytes InitSegment(const Mp4Track& video, const std::optional<Mp4Track>& audio);

constexpr uint32_t kVideoTrackId = 1;
constexpr uint32_t kAudioTrackId = 2;

}  // namespace ronin_plugin
