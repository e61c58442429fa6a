// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "base/result.h"
#include "demo/clip_spec.h"

namespace ronin::demo {

/// Samples per second of our sound: 16 kHz for AAC, 8 kHz for G.711.
int AudioRate(AudioCodec codec);

/// Encodes the pictures of a clip as a byte stream with delimiters, and with parameter sets at
/// each keyframe. No B-frames, closed GOPs of one second. Blocks. Any thread.
/// Errors: kUnsupported (encoder not installed), kInvalidArgument (the spec), kInternal.
Status EncodeVideo(const ClipSpec& spec, const std::filesystem::path& file);

/// Encodes `seconds` of quiet ticks, one per second: ADTS for AAC, plain bytes for G.711.
/// Blocks. Any thread. Errors: kUnsupported, kInternal.
Status EncodeAudio(AudioCodec codec, int seconds, const std::filesystem::path& file);

}  // namespace ronin::demo
