// SPDX-License-Identifier: MIT
// What roninlivesink gives to its owner, and that it holds up nobody.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gtest/gtest.h>

namespace ronin {
namespace {

constexpr const char* kCaps = "video/quicktime,variant=iso-fragmented";

/// The element, and what it has given away: "init" or the letters of a chunk.
class LiveSink : public ::testing::Test {
 protected:
  LiveSink() {
    g_signal_connect(harness_->element, "init", G_CALLBACK(OnInit), this);
    g_signal_connect(harness_->element, "chunk", G_CALLBACK(OnChunk), this);
    gst_harness_set_src_caps_str(harness_, kCaps);
  }
  ~LiveSink() override { gst_harness_teardown(harness_); }

  static void OnInit(GstElement*, GstBuffer* buffer, LiveSink* self) {
    self->given_.push_back("init");
    self->buffers_.push_back(buffer);
  }
  static void OnChunk(GstElement*, GstBuffer* buffer, LiveSink* self) {
    std::string bytes(gst_buffer_get_size(buffer), '\0');
    gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
    self->given_.push_back(bytes);
    self->buffers_.push_back(buffer);
  }

  GstBuffer* Push(const std::string& bytes, bool header = false) {
    GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
    if (header) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_HEADER);
    EXPECT_EQ(gst_harness_push(harness_, buffer), GST_FLOW_OK);
    return buffer;  // only to be compared
  }

  guint64 Chunks() const {
    guint64 out = 0;
    g_object_get(harness_->element, "chunks", &out, nullptr);
    return out;
  }

  GstHarness* const harness_ = gst_harness_new("roninlivesink");
  std::vector<std::string> given_;
  std::vector<GstBuffer*> buffers_;  // only to be compared
};

const std::string kInit(
    "\0\0\0\x08"
    "ftyp",
    8);
const std::string kFree(
    "\0\0\0\x08"
    "free",
    8);

TEST_F(LiveSink, GivesTheInitSegmentAndThenEachChunkByReference) {
  std::vector<GstBuffer*> pushed;
  pushed.push_back(Push(kInit, true));
  pushed.push_back(Push("one"));
  pushed.push_back(Push("two"));

  EXPECT_EQ(given_, (std::vector<std::string>{"init", "one", "two"}));
  EXPECT_EQ(buffers_, pushed);
  EXPECT_EQ(Chunks(), 2U);
}

TEST_F(LiveSink, LeavesOutWhatIsNeither) {
  Push(kInit, true);
  Push("one");
  Push(kFree, true);
  Push("two");

  EXPECT_EQ(given_, (std::vector<std::string>{"init", "one", "two"}));
}

TEST_F(LiveSink, GivesEachFurtherInitSegment) {
  Push(kInit, true);
  Push("one");
  Push(kInit, true);

  EXPECT_EQ(given_, (std::vector<std::string>{"init", "one", "init"}));
}

TEST_F(LiveSink, GivesWhatComesInPausedAtOnce) {
  ASSERT_EQ(gst_element_set_state(harness_->element, GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);

  Push(kInit, true);
  Push("one");

  EXPECT_EQ(given_.size(), 2U);
}

TEST_F(LiveSink, BeginsAnewAfterReady) {
  Push(kInit, true);
  Push("one");
  gst_element_set_state(harness_->element, GST_STATE_READY);
  gst_element_set_state(harness_->element, GST_STATE_PLAYING);

  EXPECT_EQ(Chunks(), 0U);
}

TEST_F(LiveSink, TakesNoMediaThatIsNotFragmentedMp4) {
  GstPad* pad = gst_element_get_static_pad(harness_->element, "sink");
  GstCaps* other = gst_caps_from_string("video/mpegts");

  EXPECT_FALSE(gst_pad_query_accept_caps(pad, other));

  gst_caps_unref(other);
  gst_object_unref(pad);
}

}  // namespace
}  // namespace ronin
