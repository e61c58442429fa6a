// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include "gst/gst_ref.h"

namespace ronin::restream {

/// What one client is sent: the sources of its payloaders. Takes frames by reference and never
/// waits: a client that does not take them loses whole GOPs. Thread: any; who calls Begin and Push
/// holds a lock of its own.
class Viewer {
 public:
  /// RTP begins this much above zero, so that the frames of a GOP from before it have a time.
  static constexpr GstClockTime kHead = 3600 * GST_SECOND;

  /// @param audio   nothing: the client was not told of any
  /// @param socket  of its connection; cut when its stream ends
  /// @param most    bytes of frames that wait
  Viewer(GRef<GstElement> video, GRef<GstElement> audio, GRef<GSocket> socket, uint64_t most);

  /// From here on; a frame of the time `newest` is of now.
  void Begin(GstClockTime newest);
  void PushVideo(GstBuffer* frame, bool keyframe);
  void PushAudio(GstBuffer* frame);
  /// Its connection ends, on the thread that serves it.
  void Cut();

  uint64_t most() const { return most_; }
  bool has_audio() const { return bool(audio_); }

 private:
  void Push(GstElement* source, GstBuffer* frame) const;

  const GRef<GstElement> video_;
  const GRef<GstElement> audio_;
  const GRef<GSocket> socket_;
  const uint64_t most_;
  int64_t offset_ = 0;    // from the camera's running time to that of the client's pipeline
  bool skipping_ = true;  // until a keyframe
};

}  // namespace ronin::restream
