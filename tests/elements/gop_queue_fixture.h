// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <gst/check/gstharness.h>
#include <gtest/gtest.h>

#include "base/g_ref.h"
#include "elements/recording_pad.h"

namespace ronin::testing {

/// A roningopqueue that the test pushes numbered frames into: 100 bytes and 40 ms each.
class GopQueueTest : public ::testing::Test {
 protected:
  static constexpr GstClockTime kFrame = 40 * GST_MSECOND;

  struct Dropped {
    int messages = 0;
    guint64 frames = 0;
    guint64 bytes = 0;
    std::string ranges;  ///< first and last frame of each message: "1-3 4-7"
  };

  explicit GopQueueTest(bool keep_gop = false) : keep_gop_(keep_gop) {}

  void SetUp() override {
    GstElement* element = gst_element_factory_make("roningopqueue", nullptr);
    ASSERT_NE(element, nullptr) << "is the plugin in GST_PLUGIN_PATH?";
    // The harness starts it at once, and then it is too late for this property.
    g_object_set(element, "keep-gop", gboolean(keep_gop_), nullptr);
    harness_ = gst_harness_new_with_element(element, "sink", nullptr);
    gst_object_unref(element);
    src_ = gst_element_get_static_pad(harness_->element, "src");
    bus_ = gst_bus_new();
    gst_element_set_bus(harness_->element, bus_);
  }

  void TearDown() override {
    if (harness_ == nullptr) return;
    consumer_.Release();
    gst_element_set_bus(harness_->element, nullptr);
    gst_harness_teardown(harness_);
    gst_object_unref(bus_);
    gst_object_unref(src_);
  }

  void Set(const char* property, guint64 value) {
    g_object_set(harness_->element, property, value, nullptr);
  }

  guint64 Get(const char* property) {
    guint64 value = 0;
    g_object_get(harness_->element, property, &value, nullptr);
    return value;
  }

  /// Waits until all that was pushed is through (20 s at most) and says whether it is.
  bool WaitUntilEmpty() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (Get("current-level-buffers") != 0) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  void Link(RecordingPad& consumer) {
    ASSERT_EQ(gst_pad_link(src_, consumer.pad()), GST_PAD_LINK_OK);
  }

  void Unlink(RecordingPad& consumer) { gst_pad_unlink(src_, consumer.pad()); }

  /// Begins a stream: stream-start, caps and segment. Again after READY.
  void Begin() {
    gst_harness_play(harness_);
    // The harness's pad does not know that the queue forgot the one of the run before.
    if (begun_) PushEvent(gst_event_new_stream_start("again"));
    begun_ = true;
    gst_harness_set_src_caps_str(harness_, "video/x-one");
  }

  static GstBuffer* Frame(guint64 number, bool key) {
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, 100, nullptr);
    gst_buffer_memset(buffer, 0, 0, 100);
    GST_BUFFER_OFFSET(buffer) = number;
    GST_BUFFER_PTS(buffer) = number * kFrame;
    if (!key) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    return buffer;
  }

  GstFlowReturn Push(guint64 number) {
    return gst_harness_push(harness_, Frame(number, number % gop_ == 0));
  }

  /// Pushes frames `first` to `last`; all must be taken.
  void PushAll(guint64 first, guint64 last) {
    for (guint64 number = first; number <= last; ++number) ASSERT_EQ(Push(number), GST_FLOW_OK);
  }

  void PushEvent(GstEvent* event) { gst_harness_push_event(harness_, event); }
  void PushEos() { PushEvent(gst_event_new_eos()); }

  void PushCaps(const char* name) {
    GstCaps* caps = gst_caps_new_empty_simple(name);
    PushEvent(gst_event_new_caps(caps));
    gst_caps_unref(caps);
  }

  void PushTitle(const char* title) {
    PushEvent(gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, title, nullptr)));
  }

  /// Begins a stream whose frame 0 has left and is all that ever leaves, until Release().
  void BeginHeld() {
    consumer_.Hold();
    Link(consumer_);
    Begin();
    ASSERT_EQ(Push(0), GST_FLOW_OK);
    ASSERT_TRUE(consumer_.WaitFor("0!"));
  }

  /// What the messages so far say together.
  Dropped TakeDropped() {
    Dropped out;
    while (GstMessage* message = gst_bus_pop_filtered(bus_, GST_MESSAGE_ELEMENT)) {
      const GstStructure* said = gst_message_get_structure(message);
      EXPECT_TRUE(gst_structure_has_name(said, "ronin-frames-dropped"));
      guint64 frames = 0, bytes = 0, start = 0, end = 0, since = 0;
      EXPECT_TRUE(gst_structure_get(said, "frames", G_TYPE_UINT64, &frames, "bytes", G_TYPE_UINT64,
                                    &bytes, "start-time", G_TYPE_UINT64, &start, "end-time",
                                    G_TYPE_UINT64, &end, "since-running", G_TYPE_UINT64, &since,
                                    nullptr));
      EXPECT_GT(since, 0U);
      EXPECT_LE(since, guint64(g_get_monotonic_time()) * GST_USECOND);
      ++out.messages;
      out.frames += frames;
      out.bytes += bytes;
      out.ranges += (out.ranges.empty() ? "" : " ") + std::to_string(start / kFrame) + "-" +
                    std::to_string(end / kFrame);
      gst_message_unref(message);
    }
    return out;
  }

  RecordingPad consumer_;
  const bool keep_gop_;
  bool begun_ = false;
  guint64 gop_ = 4;  ///< every so many frames is a keyframe, beginning with 0
  GstHarness* harness_ = nullptr;
  GstPad* src_ = nullptr;
  GstBus* bus_ = nullptr;
};

}  // namespace ronin::testing
