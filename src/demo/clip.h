// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/g_ref.h"
#include "base/result.h"
#include "demo/clip_spec.h"

namespace ronin::demo {

/// A part of a mapped file.
struct Span {
  size_t offset = 0;
  size_t size = 0;
};

/// One coded picture in a byte stream: [delimiter, parameter sets][first slice ...].
struct AccessUnit {
  Span head;  ///< what comes before the first slice; an SEI may be put after it
  Span slices;
  bool keyframe = false;
};

/// Coded sound without container, cut into packets of equal length.
struct AudioTrack {
  AudioCodec codec = AudioCodec::kNone;
  GRef<GBytes> data;
  std::vector<Span> packets;
  int rate = 0;                ///< samples per second, one channel
  int samples_per_packet = 0;  ///< the loop is packets.size() of these
  std::string config_hex;      ///< AudioSpecificConfig for AAC, else empty
};

/// A coded clip, mapped from its file; starts with a keyframe and loops without a seam.
/// Immutable after loading, so any thread. Shared by the server, the pump and buffers under way.
struct Clip {
  ClipSpec spec;
  GRef<GBytes> video;
  std::vector<AccessUnit> pictures;  ///< spec.frames() of them
  AudioTrack audio;                  ///< codec kNone: no sound
};

using ClipRef = std::shared_ptr<const Clip>;

/// Cuts a byte stream into pictures, with or without access unit delimiters.
/// Errors: kCorrupt when it does not start with a keyframe or a NAL unit is empty.
Result<std::vector<AccessUnit>> SplitPictures(const uint8_t* data, size_t size, VideoCodec codec);

/// Cuts ADTS into packets without their headers; fills rate and config_hex.
/// Errors: kCorrupt.
Result<AudioTrack> SplitAdts(GRef<GBytes> file);

}  // namespace ronin::demo
