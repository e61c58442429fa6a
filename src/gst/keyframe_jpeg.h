// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "base/result.h"
#include "gst/gst_ref.h"

namespace ronin::gst {

struct JpegOptions {
  int max_width = 640;  ///< larger pictures are scaled down; the height is at most twice that
  int quality = 80;     ///< 0 to 100
  std::chrono::milliseconds limit{2000};  ///< for all of it
};

/// Decodes one keyframe and gives it as a JPEG in square pixels. While it runs it takes memory
/// for a few whole pictures (12 MB each for 4K) and one core.
///
/// Blocks for `limit` at most, so it belongs on a Worker and never on main. Any thread.
/// @param keyframe  H.264 or H.265 as the tees of a stream carry it, with its caps
/// Errors: kUnsupported (another codec, too large, or the decoder is not installed), kCorrupt (it
/// cannot be decoded), kTimeout.
Result<GRef<GBytes>> JpegOfKeyframe(GstSample* keyframe, const JpegOptions& options = {});

}  // namespace ronin::gst
