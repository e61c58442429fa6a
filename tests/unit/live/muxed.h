// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <gst/check/gstharness.h>

#include "gst/gst_ref.h"

namespace ronin::live {

/// What ronincmafmux makes of a stream for a live feed: an init segment, then a buffer for each
/// frame. Small, since the pictures are made up.
class Muxed {
 public:
  Muxed() : Muxed(H264(640)) {}
  explicit Muxed(const std::string& caps) {
    GstElement* element = gst_element_factory_make("ronincmafmux", nullptr);
    g_object_set(element, "fragment-duration", guint64(0), nullptr);
    harness_ = gst_harness_new_with_element(element, "video_0", "src");
    gst_object_unref(element);
    gst_harness_play(harness_);
    gst_harness_set_src_caps_str(harness_, caps.c_str());
  }
  ~Muxed() {
    if (audio_ != nullptr) gst_harness_teardown(audio_);
    gst_harness_teardown(harness_);
  }
  Muxed(const Muxed&) = delete;
  Muxed& operator=(const Muxed&) = delete;

  static std::string H264(int width) {
    return "video/x-h264,stream-format=avc,alignment=au,height=480,framerate=25/1,width=" +
           std::to_string(width) + ",codec_data=(buffer)0142c01effe100046742c01e01000468ce3c80";
  }

  void AddSound() {
    audio_ = gst_harness_new_with_element(harness_->element, "audio_0", nullptr);
    gst_harness_set_src_caps_str(audio_,
                                 "audio/mpeg,mpegversion=4,stream-format=raw,channels=2,"
                                 "codec_data=(buffer)1190,rate=48000");
  }
  void SetCaps(const std::string& caps) { gst_harness_set_src_caps_str(harness_, caps.c_str()); }

  /// The buffers that one more frame makes: with an init segment if it is due.
  std::vector<GRef<GstBuffer>> Frame(bool key, size_t size = 100) {
    const std::string payload(size, 'v');
    GstBuffer* frame = gst_buffer_new_memdup(payload.data(), payload.size());
    GST_BUFFER_PTS(frame) = count_++ * 40 * GST_MSECOND;
    if (!key) GST_BUFFER_FLAG_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT);
    gst_harness_push(harness_, frame);
    std::vector<GRef<GstBuffer>> out;
    while (GstBuffer* buffer = gst_harness_try_pull(harness_)) out.push_back(Adopt(buffer));
    return out;
  }

 private:
  GstHarness* harness_ = nullptr;
  GstHarness* audio_ = nullptr;
  guint64 count_ = 0;
};

}  // namespace ronin::live
