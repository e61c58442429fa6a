// SPDX-License-Identifier: MIT
#include "live/keyframe_slot.h"

#include <utility>

namespace ronin::live {

void KeyframeSlot::Take(GstPad* pad, GstBuffer* buffer, WallTime taken) {
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) != FALSE) return;
  Keyframe fresh;
  if (gst_buffer_get_size(buffer) <= largest_) {
    const GRef<GstCaps> caps = Adopt(gst_pad_get_current_caps(pad));
    fresh = {Adopt(gst_sample_new(buffer, caps.Get(), nullptr, nullptr)), taken};
  }
  // What was there is freed outside of the lock.
  std::lock_guard lock(mutex_);
  std::swap(newest_, fresh);
}

KeyframeSlot::Keyframe KeyframeSlot::newest() const {
  std::lock_guard lock(mutex_);
  return newest_;
}

}  // namespace ronin::live
