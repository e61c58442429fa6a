// SPDX-License-Identifier: MIT
#include "elements/cmaf_fixture.h"

#include <cmath>

namespace ronin::testing {
namespace {

GstClockTime Time(double ms) { return GstClockTime(std::llround(ms * double(kMs))); }

GstBuffer* BufferOf(const std::string& bytes) {
  return gst_buffer_new_memdup(bytes.data(), bytes.size());
}

}  // namespace

std::string H264Caps(int width, const std::string& sps) {
  return "video/x-h264,stream-format=avc,alignment=au,height=480,framerate=25/1,width=" +
         std::to_string(width) + ",codec_data=(buffer)0142c01effe10004" + sps + "01000468ce3c80";
}

std::string AacCaps(int rate) {
  return "audio/mpeg,mpegversion=4,stream-format=raw,channels=2,codec_data=(buffer)1190,rate=" +
         std::to_string(rate);
}

std::string BytesOf(GstBuffer* buffer) {
  std::string out(gst_buffer_get_size(buffer), '\0');
  gst_buffer_extract(buffer, 0, out.data(), out.size());
  return out;
}

bool SendCaps(GstHarness* harness, GstCaps* caps) {
  // Pushed, it would be kept for later as well, and only the next buffer would fail.
  GstPad* peer = gst_pad_get_peer(harness->srcpad);
  const bool taken = gst_pad_send_event(peer, gst_event_new_caps(caps)) != FALSE;
  gst_object_unref(peer);
  return taken;
}

ParsedFragment Out::fragment() const {
  auto parsed = ParseFragment(bytes);
  EXPECT_TRUE(parsed) << "a buffer of " << bytes.size() << " bytes is no whole fragment";
  return parsed ? *parsed : ParsedFragment{0, {ParsedTrack{}}, {}};
}

void CmafFixture::SetUp() {
  GstElement* element = gst_element_factory_make("ronincmafmux", nullptr);
  ASSERT_NE(element, nullptr) << "is the plugin in GST_PLUGIN_PATH?";
  harness_ = gst_harness_new_with_element(element, "video_0", "src");
  gst_object_unref(element);
}

void CmafFixture::TearDown() {
  if (audio_ != nullptr) gst_harness_teardown(audio_);
  if (harness_ != nullptr) gst_harness_teardown(harness_);
}

void CmafFixture::Start(uint64_t duration_ms, const std::string& caps) {
  gst_element_set_state(harness_->element, GST_STATE_READY);
  g_object_set(harness_->element, "fragment-duration", guint64(duration_ms * kMs), nullptr);
  gst_harness_play(harness_);
  // After the end of a stream only this begins another.
  gst_harness_push_event(harness_, gst_event_new_stream_start("test"));
  VideoCaps(caps);
}

void CmafFixture::RequestAudio() {
  audio_ = gst_harness_new_with_element(harness_->element, "audio_0", nullptr);
}

void CmafFixture::AudioCaps(const std::string& caps) {
  gst_harness_set_src_caps_str(audio_, caps.c_str());
}

void CmafFixture::VideoCaps(const std::string& caps) {
  gst_harness_set_src_caps_str(harness_, caps.c_str());
}

GstFlowReturn CmafFixture::Video(double pts_ms, const Frame& frame) {
  const std::string name = "v" + std::to_string(std::llround(pts_ms));
  GstBuffer* buffer = BufferOf(frame.payload.empty() ? name : frame.payload);
  if (frame.dts_ms) GST_BUFFER_DTS(buffer) = Time(double(*frame.dts_ms));
  if (frame.resync) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_RESYNC);
  if (frame.utc_ms) {
    GstCaps* caps = gst_caps_new_empty_simple("timestamp/x-unix");
    gst_buffer_add_reference_timestamp_meta(buffer, caps, GstClockTime(*frame.utc_ms) * kMs,
                                            GST_CLOCK_TIME_NONE);
    gst_caps_unref(caps);
  }
  return VideoBuffer(buffer, pts_ms, frame.key);
}

GstFlowReturn CmafFixture::VideoBuffer(GstBuffer* buffer, double pts_ms, bool key) {
  GST_BUFFER_PTS(buffer) = Time(pts_ms);
  if (!key) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return gst_harness_push(harness_, buffer);
}

GstFlowReturn CmafFixture::Audio(double pts_ms, double duration_ms) {
  GstBuffer* buffer = BufferOf("a" + std::to_string(std::llround(pts_ms)));
  GST_BUFFER_PTS(buffer) = Time(pts_ms);
  if (duration_ms > 0) GST_BUFFER_DURATION(buffer) = Time(duration_ms);
  return gst_harness_push(audio_, buffer);
}

void CmafFixture::EndVideo() { gst_harness_push_event(harness_, gst_event_new_eos()); }

void CmafFixture::EndAudio() { gst_harness_push_event(audio_, gst_event_new_eos()); }

std::vector<Out> CmafFixture::Take() {
  std::vector<Out> out;
  while (GstBuffer* buffer = gst_harness_try_pull(harness_)) out.emplace_back(buffer);
  return out;
}

std::vector<ParsedFragment> CmafFixture::TakeFragments() {
  std::vector<ParsedFragment> out;
  for (const Out& each : Take()) {
    if (!each.init()) out.push_back(each.fragment());
  }
  return out;
}

}  // namespace ronin::testing
