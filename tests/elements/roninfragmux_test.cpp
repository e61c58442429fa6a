// SPDX-License-Identifier: MIT
#include <gst/check/gstharness.h>
#include <gtest/gtest.h>

#include "elements/cmaf_fixture.h"

namespace ronin::testing {
namespace {

constexpr char kUuid[] = "01234567-89ab-cdef-0123-456789abcdef";

/// Fragments are made by ronincmafmux, and then given to roninfragmux one by one.
class RoninFragMux : public CmafFixture {
 protected:
  void SetUp() override {
    CmafFixture::SetUp();
    GstElement* element = gst_element_factory_make("roninfragmux", nullptr);
    ASSERT_NE(element, nullptr);
    gst_element_set_state(element, GST_STATE_NULL);
    g_object_set(element, "camera-id", kUuid, "connection", guint64(7), "sub-stream", TRUE,
                 nullptr);
    file_ = gst_harness_new_with_element(element, "video_0", "src");
    gst_object_unref(element);
  }

  void TearDown() override {
    gst_harness_teardown(file_);
    CmafFixture::TearDown();
  }

  /// Gives it the caps that ronincmafmux has now; false when they are refused.
  bool PassCaps() {
    GstCaps* caps = gst_pad_get_current_caps(harness_->sinkpad);
    const bool taken = SendCaps(file_, caps);
    gst_caps_unref(caps);
    return taken;
  }

  void Begin() {
    gst_harness_push_event(file_, gst_event_new_stream_start("s"));
    ASSERT_TRUE(PassCaps());
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_harness_push_event(file_, gst_event_new_segment(&segment));
  }

  GstFlowReturn Pass(const Out& out) { return gst_harness_push(file_, gst_buffer_ref(out.buffer)); }
  GstFlowReturn PassBytes(const std::string& bytes) {
    return gst_harness_push(file_, gst_buffer_new_memdup(bytes.data(), bytes.size()));
  }

  std::vector<Out> Written() {
    std::vector<Out> out;
    while (GstBuffer* buffer = gst_harness_try_pull(file_)) out.emplace_back(buffer);
    return out;
  }

  /// A stream of video and audio that begins at an hour, and what ronincmafmux makes of it.
  std::vector<Out> Stream(const std::optional<int64_t>& utc_ms = {}) {
    RequestAudio();
    Start(200);
    AudioCaps(AacCaps());
    for (int i = 0; i < 20; ++i) {
      Frame frame{.key = i % 10 == 0};
      if (utc_ms) frame.utc_ms = *utc_ms + 40 * i;
      Video(3'600'000 + 40 * i, frame);
      Audio(3'600'013 + 40 * i);
      Audio(3'600'033 + 40 * i);
    }
    EndVideo();
    return Take();
  }

  GstHarness* file_ = nullptr;
};

TEST_F(RoninFragMux, WritesTheHeaderOnceWhateverComes) {
  const auto stream = Stream();
  Begin();
  for (const Out& out : stream) Pass(out);
  Pass(stream[0]);

  const auto written = Written();
  ASSERT_EQ(written.size(), stream.size());
  EXPECT_TRUE(written[0].init());
  const auto boxes = ParseBoxes(written[0].bytes);
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].type, "ftyp");
  EXPECT_EQ(boxes[1].type, "moov");
  for (size_t i = 1; i < written.size(); ++i) EXPECT_FALSE(written[i].init());
}

TEST_F(RoninFragMux, AFileBeginsAtZeroWithTheTracksAsFarApartAsBefore) {
  const auto stream = Stream();
  Begin();
  for (const Out& out : stream) Pass(out);

  const auto written = Written();
  const auto first = written.at(1).fragment();
  EXPECT_EQ(first.track(kVideo)->decode_time, 0U);
  EXPECT_EQ(first.track(kAudio)->decode_time, 13U * 48);
  for (size_t i = 1; i < written.size(); ++i) {
    const auto before = stream[i].fragment();
    const auto after = written[i].fragment();
    EXPECT_EQ(after.track(kVideo)->decode_time, before.track(kVideo)->decode_time - 3600U * 90'000);
    EXPECT_EQ(after.track(kVideo)->samples, before.track(kVideo)->samples);
    EXPECT_EQ(after.track(kVideo)->durations, before.track(kVideo)->durations);
  }
}

TEST_F(RoninFragMux, SaysWhoseFileItIsAndWhenItBegan) {
  constexpr int64_t kBegin = 1'700'000'000'040;
  const auto stream = Stream(kBegin);
  Begin();
  for (const Out& out : stream) Pass(out);

  const auto written = Written();
  const auto box = FindBody(written.at(0).bytes, "moov/uuid");
  ASSERT_TRUE(box);
  ASSERT_EQ(box->size(), 16U + 4 + 16 + 8 + 8);
  EXPECT_EQ(Number(*box, 0, 8), 0x6d4f0f4e0e0c4c5eU);
  EXPECT_EQ(Number(*box, 8, 8), 0x9f3e52c1f9a87b10U);
  EXPECT_EQ(Number(*box, 16, 4), 3U) << "UTC, sub stream";
  EXPECT_EQ(Number(*box, 20, 8), 0x0123456789abcdefU);
  EXPECT_EQ(Number(*box, 28, 8), 0x0123456789abcdefU);
  EXPECT_EQ(Number(*box, 36, 8), 7U);
  EXPECT_EQ(Number(*box, 44, 8), uint64_t(kBegin) * 1000);
  // The time in `prft` is on the axis of the file.
  ASSERT_TRUE(written.at(1).fragment().producer_time);
  EXPECT_EQ(written[1].fragment().producer_time->second, 0U);
}

TEST_F(RoninFragMux, SaysNoTimeWhereThereIsNone) {
  const auto stream = Stream();
  Begin();
  for (const Out& out : stream) Pass(out);

  const auto written = Written();
  const auto box = FindBody(written.at(0).bytes, "moov/uuid");
  ASSERT_TRUE(box);
  EXPECT_EQ(Number(*box, 16, 4), 2U);
  EXPECT_EQ(Number(*box, 44, 8), 0U);
}

TEST_F(RoninFragMux, LeavesTheFragmentsItReadAloneAndSharesTheirPictures) {
  const auto stream = Stream();
  Begin();
  for (const Out& out : stream) Pass(out);

  const auto written = Written();
  for (size_t i = 1; i < written.size(); ++i) {
    EXPECT_EQ(BytesOf(stream[i].buffer), stream[i].bytes) << "others read the same buffer";
    const guint count = gst_buffer_n_memory(stream[i].buffer);
    ASSERT_EQ(gst_buffer_n_memory(written[i].buffer), count);
    for (guint m = 1; m < count; ++m) {
      EXPECT_EQ(gst_buffer_peek_memory(written[i].buffer, m),
                gst_buffer_peek_memory(stream[i].buffer, m));
    }
    EXPECT_EQ(GST_BUFFER_PTS(written[i].buffer), GST_BUFFER_PTS(stream[i].buffer));
    EXPECT_EQ(written[i].has(GST_BUFFER_FLAG_MARKER), stream[i].has(GST_BUFFER_FLAG_MARKER));
  }
}

TEST_F(RoninFragMux, RefusesChangedCapsAndTakesThemInTheNextFile) {
  Start(0);
  Key(0);
  Begin();
  EXPECT_TRUE(PassCaps()) << "the same ones";
  for (const Out& out : Take()) Pass(out);
  VideoCaps(H264Caps(1280));
  Key(40);

  EXPECT_FALSE(PassCaps());

  gst_element_set_state(file_->element, GST_STATE_READY);
  Written();
  gst_harness_play(file_);
  Begin();
  for (const Out& out : Take()) Pass(out);
  const auto written = Written();
  ASSERT_EQ(written.size(), 2U);
  EXPECT_TRUE(written[0].init());
  EXPECT_EQ(written[1].fragment().tracks[0].decode_time, 0U) << "a file of its own";
}

TEST_F(RoninFragMux, RefusesCapsWithoutAnInitSegment) {
  gst_harness_play(file_);
  for (const char* text :
       {"video/quicktime,variant=(string)iso-fragmented",
        "video/quicktime,variant=(string)iso-fragmented,streamheader=(buffer)<00>",
        "video/quicktime,variant=(string)iso-fragmented,streamheader=(buffer)<000000086d6f6f76>"}) {
    GstCaps* caps = gst_caps_from_string(text);
    gst_harness_push_event(file_, gst_event_new_stream_start("s"));
    EXPECT_FALSE(SendCaps(file_, caps)) << text;
    gst_caps_unref(caps);
  }
}

TEST_F(RoninFragMux, WhatIsNoFragmentEndsTheStreamWithAnError) {
  const auto stream = Stream();
  Begin();
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(file_->element, bus);
  const std::string& good = stream.at(1).bytes;
  const std::string moof = good.substr(0, good.find("mdat") - 4);
  std::vector<std::string> bad = {"x", "nothing of the kind", std::string(64, '\0'),
                                  std::string(64, '\xff'), good.substr(0, moof.size() - 1)};
  for (const std::string& bytes : bad) {
    EXPECT_EQ(PassBytes(bytes), GST_FLOW_ERROR);
    GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    EXPECT_NE(message, nullptr);
    if (message != nullptr) gst_message_unref(message);
  }
  EXPECT_TRUE(Written().empty());
  // Each byte of the head wrong, one at a time: whatever it does, it neither reads beyond nor ends.
  for (size_t i = 0; i < moof.size(); ++i) {
    for (const char wrong : {'\0', '\x7f', '\xff'}) {
      std::string bytes = good;
      bytes[i] = wrong;
      PassBytes(bytes);
    }
  }
  gst_element_set_bus(file_->element, nullptr);
  gst_object_unref(bus);
}

TEST_F(RoninFragMux, AnEmptyBufferIsNothing) {
  Stream();
  Begin();

  EXPECT_EQ(gst_harness_push(file_, gst_buffer_new()), GST_FLOW_OK);
  EXPECT_TRUE(Written().empty());
}

TEST_F(RoninFragMux, HasOnePad) {
  EXPECT_EQ(gst_element_request_pad_simple(file_->element, "video_1"), nullptr);
}

}  // namespace
}  // namespace ronin::testing
