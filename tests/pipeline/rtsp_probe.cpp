// SPDX-License-Identifier: MIT
#include "pipeline/rtsp_probe.h"

#include <optional>
#include <stdexcept>

#include "base/text.h"
#include "demo/bar_code.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

/// Without links to rtspsrc, which makes its pads on several threads: what gst_parse_launch() does
/// about links that have to wait is not safe there (1.22.0), and leaves one of them out now and
/// then.
std::string PipelineText(const RtspProbe::Options& options) {
  const bool h264 = options.video == demo::VideoCodec::kH264;
  std::string out = "rtspsrc name=src protocols=tcp latency=0 buffer-mode=none max-ts-offset=1 ";
  if (options.decode) {
    out += "rtph264depay name=from-video ! h264parse ! avdec_h264 ! video/x-raw,format=I420";
  } else {
    out += h264 ? "rtph264depay name=from-video ! h264parse ! video/x-h264"
                : "rtph265depay name=from-video ! h265parse ! video/x-h265";
    out += ",stream-format=byte-stream,alignment=au";
  }
  out += " ! appsink name=video sync=false async=false";
  const char* depay = options.audio == demo::AudioCodec::kAac    ? "rtpmp4gdepay"
                      : options.audio == demo::AudioCodec::kPcmu ? "rtppcmudepay"
                                                                 : "rtppcmadepay";
  if (options.audio == demo::AudioCodec::kNone) return out;
  return Concat(out, " ", depay, " name=from-audio ! appsink name=audio sync=false async=false");
}

using SamplePtr = std::unique_ptr<GstSample, FreeWith<gst_sample_unref>>;

int WidthOf(GstSample* sample) {
  int width = 0;
  gst_structure_get_int(gst_caps_get_structure(gst_sample_get_caps(sample), 0), "width", &width);
  return width;
}

/// A picture of I420 from avdec_h264, whose rows are padded to a multiple of 4.
std::optional<uint32_t> BarCodeOf(GstSample* sample, uint8_t* data) {
  int height = 0;
  gst_structure_get_int(gst_caps_get_structure(gst_sample_get_caps(sample), 0), "height", &height);
  const int width = WidthOf(sample);
  return demo::ReadBarCode({data, (width + 3) / 4 * 4, width, height});
}

}  // namespace

RtspProbe::RtspProbe(const std::string& url, const Options& options) : options_(options) {
  GErrorPtr error;
  pipeline_.reset(gst_parse_launch(PipelineText(options).c_str(), Out(error)));
  if (error) throw std::runtime_error(error->message);
  const auto source = Child("src");
  g_object_set(source.get(), "location", url.c_str(), nullptr);
  if (!options.user.empty()) {
    g_object_set(source.get(), "user-id", options.user.c_str(), "user-pw", options.password.c_str(),
                 nullptr);
  }
  g_signal_connect(source.get(), "pad-added",
                   G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer p) noexcept {
                     static_cast<RtspProbe*>(p)->TakePad(pad);
                   }),
                   this);
  WatchSinks();
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

RtspProbe::ElementPtr RtspProbe::Child(const char* name) const {
  return ElementPtr(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
}

void RtspProbe::WatchSinks() {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* sink, gpointer p) noexcept {
    return static_cast<RtspProbe*>(p)->TakeVideo(sink);
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(Child("video").get()), &callbacks, this, nullptr);
  if (const auto audio = Child("audio")) {
    callbacks.new_sample = [](GstAppSink* sink, gpointer p) noexcept {
      return static_cast<RtspProbe*>(p)->TakeAudio(sink);
    };
    gst_app_sink_set_callbacks(GST_APP_SINK(audio.get()), &callbacks, this, nullptr);
  }
  const std::unique_ptr<GstBus, FreeWith<gst_object_unref>> bus(
      gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(
      bus.get(),
      [](GstBus*, GstMessage* message, gpointer p) noexcept {
        static_cast<RtspProbe*>(p)->TakeMessage(message);
        return GST_BUS_PASS;
      },
      this, nullptr);
}

RtspProbe::~RtspProbe() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

void RtspProbe::TakePad(GstPad* pad) {
  const std::unique_ptr<GstCaps, FreeWith<gst_caps_unref>> caps(gst_pad_get_current_caps(pad));
  const char* media = gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "media");
  const ElementPtr depay = Child(Concat("from-", media != nullptr ? media : "").c_str());
  if (!depay) return;
  const std::unique_ptr<GstPad, FreeWith<gst_object_unref>> sink(
      gst_element_get_static_pad(depay.get(), "sink"));
  gst_pad_link(pad, sink.get());
  if (g_strcmp0(media, "video") == 0) WatchPackets(pad);
}

void RtspProbe::WatchPackets(GstPad* pad) {
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
        static_cast<RtspProbe*>(p)->TakePacket(GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

void RtspProbe::TakePacket(GstBuffer* packet) {
  uint8_t bytes[8] = {};
  gst_buffer_extract(packet, 0, bytes, sizeof(bytes));  // RFC 3550 section 5.1
  const uint32_t time = GST_READ_UINT32_BE(bytes + 4);
  const std::lock_guard lock(mutex_);
  if ((bytes[1] & 0x80U) != 0) ++marked_;
  if (rtp_times_.empty() || rtp_times_.back() != time) rtp_times_.push_back(time);
}

GstFlowReturn RtspProbe::TakeVideo(GstAppSink* sink) {
  const SamplePtr sample(gst_app_sink_pull_sample(sink));
  if (!sample) return GST_FLOW_EOS;
  GstBuffer* buffer = gst_sample_get_buffer(sample.get());
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return GST_FLOW_ERROR;
  Frame frame;
  frame.pts_ns = int64_t(GST_BUFFER_PTS(buffer));
  frame.keyframe = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  frame.width = WidthOf(sample.get());
  bool readable = false;
  if (options_.decode) {
    const auto index = BarCodeOf(sample.get(), map.data);
    readable = index.has_value();
    frame.number = index.value_or(0);
  } else {
    const auto stamps =
        ScanFrameStamps({reinterpret_cast<const char*>(map.data), map.size}, options_.video);
    readable = stamps.size() == 1;
    if (readable) frame.number = stamps[0].number;
    if (readable) frame.sender_utc_ns = stamps[0].sender_utc_ns;
  }
  gst_buffer_unmap(buffer, &map);
  const std::lock_guard lock(mutex_);
  if (readable) {
    frames_.push_back(frame);
  } else {
    ++unreadable_;
  }
  return GST_FLOW_OK;
}

GstFlowReturn RtspProbe::TakeAudio(GstAppSink* sink) {
  const SamplePtr sample(gst_app_sink_pull_sample(sink));
  if (!sample) return GST_FLOW_EOS;
  const std::lock_guard lock(mutex_);
  audio_pts_.push_back(int64_t(GST_BUFFER_PTS(gst_sample_get_buffer(sample.get()))));
  return GST_FLOW_OK;
}

void RtspProbe::TakeMessage(GstMessage* message) {
  const std::lock_guard lock(mutex_);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) ended_ = true;
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR || !error_.empty()) return;
  GErrorPtr error;
  GCharPtr detail;
  gst_message_parse_error(message, Out(error), Out(detail));
  error_ = Concat(error->message, " ", detail ? detail.get() : "");
  error_code_ = error->code;
  ended_ = true;
}

std::vector<RtspProbe::Frame> RtspProbe::frames() const {
  const std::lock_guard lock(mutex_);
  return frames_;
}

size_t RtspProbe::count() const {
  const std::lock_guard lock(mutex_);
  return frames_.size();
}

int RtspProbe::unreadable() const {
  const std::lock_guard lock(mutex_);
  return unreadable_;
}

std::vector<int64_t> RtspProbe::audio_pts() const {
  const std::lock_guard lock(mutex_);
  return audio_pts_;
}

std::vector<uint32_t> RtspProbe::rtp_times() const {
  const std::lock_guard lock(mutex_);
  return rtp_times_;
}

size_t RtspProbe::marked() const {
  const std::lock_guard lock(mutex_);
  return marked_;
}

std::string RtspProbe::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

int RtspProbe::error_code() const {
  const std::lock_guard lock(mutex_);
  return error_code_;
}

bool RtspProbe::WaitFor(size_t frames) const {
  return PumpUntil([&] { return count() >= frames; });
}

bool RtspProbe::WaitForAudio(size_t packets) const {
  return PumpUntil([&] { return audio_pts().size() >= packets; });
}

bool RtspProbe::WaitForEnd() const {
  return PumpUntil([this] {
    const std::lock_guard lock(mutex_);
    return ended_;
  });
}

}  // namespace ronin::testing
