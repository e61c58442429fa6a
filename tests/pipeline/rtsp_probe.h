// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include "base/g_ref.h"
#include "demo/clip_spec.h"

namespace ronin::testing {

/// A plain GStreamer client without any code of the product: what it got, in order of arrival.
/// Thread: constructor and destructor on one thread, the rest on any.
class RtspProbe {
 public:
  struct Options {
    demo::VideoCodec video = demo::VideoCodec::kH264;
    demo::AudioCodec audio = demo::AudioCodec::kNone;
    std::string user = {};
    std::string password = {};
    bool decode = false;  ///< reads bar codes of decoded H.264 instead of stamps
  };
  struct Frame {
    uint64_t number = 0;  ///< of the stamp, or the index in the bar code
    int64_t pts_ns = 0;
    bool keyframe = false;
    int64_t sender_utc_ns = 0;
    int width = 0;
  };

  explicit RtspProbe(const std::string& url) : RtspProbe(url, Options()) {}
  RtspProbe(const std::string& url, const Options& options);
  ~RtspProbe();
  RtspProbe(const RtspProbe&) = delete;
  RtspProbe& operator=(const RtspProbe&) = delete;

  std::vector<Frame> frames() const;
  size_t count() const;
  int unreadable() const;                   ///< pictures without stamp or bar code
  std::vector<int64_t> audio_pts() const;   ///< ns, one per packet
  std::vector<uint32_t> rtp_times() const;  ///< of the video's pictures, without repetitions
  size_t marked() const;                    ///< packets of video with the marker bit
  std::string error() const;                ///< what the bus said first; empty: no error
  int error_code() const;                   ///< a GstResourceError and the like; 0: none

  /// Waits until `frames` pictures came. False when they did not.
  bool WaitFor(size_t frames) const;
  bool WaitForAudio(size_t packets) const;
  bool WaitForEnd() const;  ///< error or end of stream

 private:
  using ElementPtr = std::unique_ptr<GstElement, FreeWith<gst_object_unref>>;

  ElementPtr Child(const char* name) const;
  void WatchSinks();
  GstFlowReturn TakeVideo(GstAppSink* sink);
  GstFlowReturn TakeAudio(GstAppSink* sink);
  void TakeMessage(GstMessage* message);
  void TakePacket(GstBuffer* packet);
  void TakePad(GstPad* pad);
  void WatchPackets(GstPad* pad);

  const Options options_;
  ElementPtr pipeline_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Frame> frames_;
  std::vector<int64_t> audio_pts_;
  std::vector<uint32_t> rtp_times_;
  size_t marked_ = 0;
  int unreadable_ = 0;
  std::string error_;
  int error_code_ = 0;
  bool ended_ = false;
};

}  // namespace ronin::testing
