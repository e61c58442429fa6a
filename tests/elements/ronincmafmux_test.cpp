// SPDX-License-Identifier: MIT
// Which fragments come out, when, and how they are marked.
#include <atomic>
#include <thread>

#include "elements/cmaf_fixture.h"

namespace ronin::testing {
namespace {

using RoninCmafMux = CmafFixture;

TEST_F(RoninCmafMux, BeginsWithAnInitSegmentThatIsInTheCapsAsWell) {
  Start(0);
  Key(0);

  const auto out = Take();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_TRUE(out[0].init());
  EXPECT_TRUE(FindBody(out[0].bytes, "moov/trak/mdia/minf/stbl/stsd"));
  EXPECT_FALSE(out[1].init());
  GstCaps* caps = gst_pad_get_current_caps(harness_->sinkpad);
  ASSERT_NE(caps, nullptr);
  const GValue* headers = gst_structure_get_value(gst_caps_get_structure(caps, 0), "streamheader");
  ASSERT_NE(headers, nullptr);
  ASSERT_EQ(gst_value_array_get_size(headers), 1U);
  EXPECT_EQ(BytesOf(gst_value_get_buffer(gst_value_array_get_value(headers, 0))), out[0].bytes);
  gst_caps_unref(caps);
}

TEST_F(RoninCmafMux, AFragmentIsNeverLongerThanItsDurationAndHasEveryFrame) {
  Start(200);
  for (int i = 0; i < 30; ++i) Video(40 * i, {.key = i % 12 == 0});
  EndVideo();

  const auto fragments = TakeFragments();
  int64_t at = 0;
  std::vector<std::string> frames;
  for (const auto& fragment : fragments) {
    const ParsedTrack& video = fragment.tracks.at(0);
    EXPECT_LE(video.duration(), 200 * 90);
    EXPECT_EQ(int64_t(video.decode_time), at) << "they follow each other without a hole";
    at += video.duration();
    frames.insert(frames.end(), video.samples.begin(), video.samples.end());
  }
  ASSERT_EQ(frames.size(), 30U);
  for (size_t i = 0; i < 30; ++i) EXPECT_EQ(frames[i], "v" + std::to_string(40 * i));
  EXPECT_EQ(at, 30 * 40 * 90);
}

TEST_F(RoninCmafMux, AKeyframeBeginsAFragmentAndIsMarked) {
  Start(200);
  for (int i = 0; i < 9; ++i) Video(40 * i, {.key = i % 3 == 0});
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 4U);
  for (size_t i = 1; i < out.size(); ++i) {
    EXPECT_TRUE(out[i].has(GST_BUFFER_FLAG_MARKER));
    EXPECT_FALSE(out[i].has(GST_BUFFER_FLAG_DELTA_UNIT));
    const auto fragment = out[i].fragment();
    EXPECT_TRUE(fragment.tracks[0].sync);
    EXPECT_EQ(fragment.tracks[0].samples.size(), 3U);
    EXPECT_EQ(fragment.sequence, i);
    EXPECT_EQ(GST_BUFFER_PTS(out[i].buffer), (i - 1) * 120 * kMs);
    EXPECT_EQ(GST_BUFFER_DURATION(out[i].buffer), 120 * kMs);
  }
}

TEST_F(RoninCmafMux, MarksFragmentsWithoutAKeyframeUnlessToldNotTo) {
  for (const bool delta_units : {true, false}) {
    g_object_set(harness_->element, "delta-units", gboolean(delta_units), nullptr);
    Start(80);
    Key(0);
    for (int i = 1; i < 4; ++i) Video(40 * i);
    EndVideo();

    const auto out = Take();
    // Without the marks each fragment is followed by something that splitmuxsink may hold back.
    ASSERT_EQ(out.size(), delta_units ? 3U : 5U);
    const auto& second = out[delta_units ? 2 : 3];
    EXPECT_FALSE(second.has(GST_BUFFER_FLAG_MARKER));
    EXPECT_EQ(second.has(GST_BUFFER_FLAG_DELTA_UNIT), delta_units);
    EXPECT_FALSE(second.fragment().tracks[0].sync);
    if (delta_units) continue;
    for (const size_t i : {2U, 4U}) {
      EXPECT_TRUE(out[i].has(GST_BUFFER_FLAG_HEADER));
      EXPECT_FALSE(out[i].has(GST_BUFFER_FLAG_DELTA_UNIT));
    }
  }
}

TEST_F(RoninCmafMux, WithoutADurationNoFrameWaitsForTheNext) {
  Start(0);
  for (int i = 0; i < 5; ++i) {
    Video(40 * i, {.key = i == 0});

    const auto fragments = TakeFragments();
    ASSERT_EQ(fragments.size(), 1U) << "frame " << i;
    EXPECT_EQ(fragments[0].tracks[0].samples.size(), 1U);
    EXPECT_EQ(fragments[0].tracks[0].decode_time, uint64_t(i) * 3600);
    EXPECT_EQ(fragments[0].tracks[0].duration(), 3600);
  }
}

TEST_F(RoninCmafMux, ChangedCapsBringANewInitSegmentAndTheSameOnesDoNot) {
  Start(200);
  Key(0);
  Video(40);
  VideoCaps(H264Caps());
  Key(80);
  VideoCaps(H264Caps(1280));
  Key(120);
  EndVideo();

  std::vector<bool> inits;
  const auto out = Take();
  for (const Out& each : out) inits.push_back(each.init());
  EXPECT_EQ(inits, (std::vector{true, false, false, true, false}));
  EXPECT_NE(out[0].bytes, out[3].bytes);
}

TEST_F(RoninCmafMux, OtherParameterSetsOfTheSameSizeAreChangedCaps) {
  Start(200);
  Key(0);
  VideoCaps(H264Caps(640, "6764001f"));
  Key(40);
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 4U);
  EXPECT_TRUE(out[2].init());
}

TEST_F(RoninCmafMux, TheEndOfTheStreamBringsAllFrames) {
  Start(10'000);
  Key(0);
  Video(40);
  EXPECT_TRUE(TakeFragments().empty()) << "it is still open";

  EndVideo();

  const auto fragments = TakeFragments();
  ASSERT_EQ(fragments.size(), 1U);
  EXPECT_EQ(fragments[0].tracks[0].samples.size(), 2U);
  EXPECT_EQ(fragments[0].tracks[0].duration(), 2 * 3600);
  EXPECT_EQ(Video(80), GST_FLOW_EOS);
}

GstBuffer* BufferOfPieces(int pieces) {
  GstBuffer* out = gst_buffer_new();
  for (int i = 0; i < pieces; ++i) {
    auto* bytes = static_cast<gchar*>(g_malloc(1));
    bytes[0] = char('a' + i);
    gst_buffer_append_memory(
        out, gst_memory_new_wrapped(GST_MEMORY_FLAG_READONLY, bytes, 1, 0, 1, bytes, g_free));
  }
  return out;
}

TEST_F(RoninCmafMux, PassesTheMemoryOfTheFramesOn) {
  Start(10'000);
  std::vector<GstMemory*> in;
  for (int i = 0; i < 7; ++i) {
    GstBuffer* buffer = BufferOfPieces(2);
    in.push_back(gst_buffer_get_memory(buffer, 0));
    in.push_back(gst_buffer_get_memory(buffer, 1));
    VideoBuffer(buffer, 40 * i, i == 0);
  }
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 2U);
  ASSERT_EQ(gst_buffer_n_memory(out[1].buffer), 1 + in.size());
  for (guint i = 0; i < in.size(); ++i) {
    EXPECT_EQ(gst_buffer_peek_memory(out[1].buffer, i + 1), in[i]) << i;
  }
  for (GstMemory* memory : in) gst_memory_unref(memory);
}

TEST_F(RoninCmafMux, MorePiecesThanABufferTakesBeginAnotherFragment) {
  Start(10'000);
  for (int i = 0; i < 4; ++i) VideoBuffer(BufferOfPieces(5), 40 * i, i == 0);
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(gst_buffer_n_memory(out[1].buffer), 11U);
  EXPECT_EQ(out[1].fragment().tracks[0].samples, (std::vector<std::string>{"abcde", "abcde"}));
  EXPECT_EQ(out[2].fragment().tracks[0].samples.size(), 2U);
}

TEST_F(RoninCmafMux, AFrameOfTooManyPiecesIsMadeOne) {
  Start(0);
  VideoBuffer(BufferOfPieces(16), 0, true);

  const auto out = Take();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(gst_buffer_n_memory(out[1].buffer), 2U) << "the head is still by itself";
  EXPECT_EQ(out[1].fragment().tracks[0].samples[0], "abcdefghijklmnop");
}

TEST_F(RoninCmafMux, RefusesCapsWithoutADecoderConfiguration) {
  gst_harness_play(harness_);
  GstCaps* caps =
      gst_caps_from_string("video/x-h264,stream-format=avc,alignment=au,width=1,height=1");
  gst_harness_push_event(harness_, gst_event_new_stream_start("s"));

  EXPECT_FALSE(SendCaps(harness_, caps));
  gst_caps_unref(caps);
}

TEST_F(RoninCmafMux, TakesOneTrackOfEachKind) {
  EXPECT_EQ(gst_element_request_pad_simple(harness_->element, "video_1"), nullptr);
}

TEST_F(RoninCmafMux, BeginsAgainAfterAFlush) {
  Start(200);
  Key(0);
  Video(40);
  gst_harness_push_event(harness_, gst_event_new_flush_start());
  EXPECT_EQ(Video(80), GST_FLOW_FLUSHING);
  gst_harness_push_event(harness_, gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness_, gst_event_new_segment(&segment));
  Take();

  EXPECT_EQ(Key(400), GST_FLOW_OK);
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_TRUE(out[0].init());
  EXPECT_EQ(out[1].fragment().tracks[0].samples, std::vector<std::string>{"v400"});
}

TEST_F(RoninCmafMux, BeginsAgainAfterReady) {
  Start(200);
  Key(0);
  Video(40);
  Take();
  Start(200);
  Key(1000);
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 2U) << "nothing of the stream before";
  EXPECT_TRUE(out[0].init());
  EXPECT_EQ(out[1].fragment().sequence, 1U);
}

/// Blocks in a probe until its pad is deactivated.
GstPadProbeReturn BlockedProbe(GstPad*, GstPadProbeInfo*, gpointer reached) {
  *static_cast<std::atomic<bool>*>(reached) = true;
  return GST_PAD_PROBE_OK;
}

TEST_F(RoninCmafMux, StopsWhileItsOutputIsBlocked) {
  Start(0);
  std::atomic<bool> blocked = false;
  GstPad* src = gst_element_get_static_pad(harness_->element, "src");
  gst_pad_add_probe(src, GstPadProbeType(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
                    BlockedProbe, &blocked, nullptr);
  std::atomic<GstFlowReturn> flow = GST_FLOW_OK;
  std::thread pusher([&] { flow = Key(0); });
  while (!blocked) std::this_thread::yield();

  EXPECT_EQ(gst_element_set_state(harness_->element, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  pusher.join();

  EXPECT_EQ(flow, GST_FLOW_FLUSHING);
  gst_object_unref(src);
}

}  // namespace
}  // namespace ronin::testing
