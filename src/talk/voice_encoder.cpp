// SPDX-License-Identifier: MIT
#include "talk/voice_encoder.h"

#include <utility>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "base/main_thread.h"
#include "base/text.h"
#include "gst/element.h"

namespace ronin::talk {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// A microphone that was still for so long has begun to speak anew.
constexpr milliseconds kPause{200};

/// From samples to packets, in gst-launch syntax. 20 ms are what G.711 is sent in everywhere.
std::string Chain(const BackChannel& to) {
  const std::string raw = Concat("audio/x-raw,rate=", to.sample_rate_hz, ",channels=", to.channels);
  const auto g711 = [&](const char* encoder, const char* payloader) {
    return Concat(raw, " ! ", encoder, " ! ", payloader, " pt=", to.payload_type,
                  " min-ptime=20000000 max-ptime=20000000");
  };
  switch (to.codec) {
    case Codec::kPcmu:
      return g711("mulawenc", "rtppcmupay");
    case Codec::kPcma:
      return g711("alawenc", "rtppcmapay");
    case Codec::kAac:
      break;
  }
  return Concat(raw, " ! avenc_aac bitrate=32000 ! rtpmp4gpay pt=", to.payload_type);
}

struct Receiver {
  VoiceEncoder::OnPacket on_packet;
};

GstFlowReturn OnSample(GstAppSink* sink, gpointer data) noexcept {
  const GRef<GstSample> sample = Adopt(gst_app_sink_pull_sample(sink));
  if (sample) static_cast<Receiver*>(data)->on_packet(sample.Get());
  return GST_FLOW_OK;
}

void DropReceiver(gpointer data) noexcept { delete static_cast<Receiver*>(data); }

}  // namespace

Result<std::unique_ptr<VoiceEncoder>> VoiceEncoder::Create(const BackChannel& to,
                                                           int sample_rate_hz, OnPacket on_packet,
                                                           OnError on_error) {
  RONIN_ASSERT_MAIN_THREAD();
  std::unique_ptr<VoiceEncoder> out(new VoiceEncoder());
  auto built = out->Build(to, sample_rate_hz, std::move(on_packet), std::move(on_error));
  if (!built) return Fail(std::move(built.error()));
  return out;
}

Status VoiceEncoder::Build(const BackChannel& to, int sample_rate_hz, OnPacket on_packet,
                           OnError on_error) {
  sample_rate_hz_ = sample_rate_hz;
  const std::string line = Concat(
      "appsrc name=pcm format=time is-live=true block=false leaky-type=downstream max-bytes=0"
      " max-buffers=0 max-time=",
      nanoseconds(kMostWaiting).count(),
      " caps=audio/x-raw,format=S16LE,layout=interleaved,rate=", sample_rate_hz,
      ",channels=1 ! audioconvert ! audioresample ! ", Chain(to),
      " ! appsink name=rtp sync=false async=false max-buffers=4");
  GErrorPtr error;
  pipeline_ = Share(gst_parse_launch(line.c_str(), Out(error)));
  if (!pipeline_ || error) {
    pipeline_.Reset();
    return Fail(ErrorKind::kUnsupported,
                Concat("speech cannot be encoded: ", error ? error->message : "no pipeline"));
  }
  source_ = Adopt(gst_bin_get_by_name(GST_BIN(pipeline_.Get()), "pcm"));
  const GRef<GstElement> sink = Adopt(gst_bin_get_by_name(GST_BIN(pipeline_.Get()), "rtp"));
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = OnSample;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink.Get()), &callbacks,
                             new Receiver{std::move(on_packet)}, DropReceiver);
  bus_watch_ = gst::BusWatch(
      Adopt(gst_element_get_bus(pipeline_.Get())),
      [on_error = std::move(on_error), told = false](GstMessage* message) mutable {
        if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR || std::exchange(told, true)) return;
        on_error({ErrorKind::kInternal, gst::ErrorText(message)});
      });
  gst_element_set_state(pipeline_.Get(), GST_STATE_PLAYING);
  return {};
}

VoiceEncoder::~VoiceEncoder() {
  bus_watch_.Stop();
  if (pipeline_) gst_element_set_state(pipeline_.Get(), GST_STATE_NULL);
}

void VoiceEncoder::Push(std::string_view samples, MonoTime now) {
  RONIN_ASSERT_MAIN_THREAD();
  if (!source_ || samples.empty()) return;
  const auto length = nanoseconds(int64_t(samples.size() / 2) * 1'000'000'000 / sample_rate_hz_);
  if (!begun_) started_ = now;
  const nanoseconds at = now - started_;
  // Counted by the samples, which come unevenly by way of a network; after a pause, by the clock.
  const bool anew = !std::exchange(begun_, true) || at > next_ + length + kPause;
  if (anew) next_ = at;
  if (next_ > at + kMostWaiting) {  // faster than time: the camera would have to keep it
    dropped_ += length;
    return;
  }
  const auto level = nanoseconds(gst_app_src_get_current_level_time(GST_APP_SRC(source_.Get())));
  if (level + length > kMostWaiting) dropped_ += length;  // as much of the oldest
  GstBuffer* buffer = gst_buffer_new_memdup(samples.data(), samples.size());
  GST_BUFFER_PTS(buffer) = GstClockTime(next_.count());
  GST_BUFFER_DURATION(buffer) = GstClockTime(length.count());
  if (anew) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);  // becomes the packet's marker
  next_ += length;
  gst_app_src_push_buffer(GST_APP_SRC(source_.Get()), buffer);
}

milliseconds VoiceEncoder::TakeDropped() {
  const auto out = std::chrono::duration_cast<milliseconds>(dropped_);
  dropped_ -= out;
  return out;
}

milliseconds VoiceEncoder::waiting() const {
  if (!source_) return milliseconds(0);
  return std::chrono::duration_cast<milliseconds>(
      nanoseconds(gst_app_src_get_current_level_time(GST_APP_SRC(source_.Get()))));
}

GRef<GstElement> VoiceEncoder::Release() {
  bus_watch_.Stop();
  source_.Reset();
  return std::move(pipeline_);
}

}  // namespace ronin::talk
