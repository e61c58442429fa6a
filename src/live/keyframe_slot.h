// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>

#include "base/clock.h"
#include "gst/gst_ref.h"

namespace ronin::live {

/// The newest keyframe of one connection, by reference: nothing is copied, and one buffer is held.
/// Threads: Take on the streaming thread; the rest on any.
class KeyframeSlot {
 public:
  struct Keyframe {
    GRef<GstSample> sample;  ///< nothing: none has come
    WallTime taken{};        ///< tells it from others of the camera
  };

  /// @param largest  bytes; larger ones are not kept
  explicit KeyframeSlot(uint64_t largest) : largest_(largest) {}

  /// A buffer of video has come by on `pad`; one that is no keyframe changes nothing.
  void Take(GstPad* pad, GstBuffer* buffer, WallTime taken);
  Keyframe newest() const;

 private:
  const uint64_t largest_;
  mutable std::mutex mutex_;  // guards all below
  Keyframe newest_;
};

}  // namespace ronin::live
