// SPDX-License-Identifier: MIT
#include "restream/viewer.h"

#include <utility>

#include <gst/app/gstappsrc.h>

namespace ronin::restream {
namespace {

constexpr guint64 kMostAudio = 256 * 1024;

GstAppSrc* Source(const GRef<GstElement>& element) {
  return reinterpret_cast<GstAppSrc*>(element.Get());
}

}  // namespace

Viewer::Viewer(GRef<GstElement> video, GRef<GstElement> audio, GRef<GSocket> socket, uint64_t most)
    : video_(std::move(video)), audio_(std::move(audio)), socket_(std::move(socket)), most_(most) {}

void Viewer::Begin(GstClockTime newest) {
  const GstClockTime now = gst_element_get_current_running_time(video_.Get());
  offset_ = int64_t(GST_CLOCK_TIME_IS_VALID(now) ? now : 0) + int64_t(kHead) - int64_t(newest);
}

void Viewer::PushVideo(GstBuffer* frame, bool keyframe) {
  const guint64 waiting = gst_app_src_get_current_level_bytes(Source(video_));
  if (skipping_) {
    if (!keyframe || waiting > most_ / 2) return;
    skipping_ = false;
  } else if (waiting + gst_buffer_get_size(frame) > most_) {
    skipping_ = true;
    return;
  }
  Push(video_.Get(), frame);
}

void Viewer::PushAudio(GstBuffer* frame) {
  if (!audio_ || skipping_) return;
  if (gst_app_src_get_current_level_bytes(Source(audio_)) > kMostAudio) return;
  Push(audio_.Get(), frame);
}

void Viewer::Push(GstElement* source, GstBuffer* frame) const {
  if (!GST_BUFFER_PTS_IS_VALID(frame)) return;
  const int64_t time = int64_t(GST_BUFFER_PTS(frame)) + offset_;
  if (time < 0) return;
  GstBuffer* copy = gst_buffer_copy(frame);  // of its header; the memory is shared
  GST_BUFFER_PTS(copy) = GstClockTime(time);
  GST_BUFFER_DTS(copy) = GST_CLOCK_TIME_NONE;
  gst_app_src_push_buffer(reinterpret_cast<GstAppSrc*>(source), copy);
}

void Viewer::Cut() {
  if (socket_) g_socket_shutdown(socket_.Get(), TRUE, TRUE, nullptr);
}

}  // namespace ronin::restream
