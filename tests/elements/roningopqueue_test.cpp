// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "elements/gop_queue_fixture.h"
#include "support/shell.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using testing::RecordingPad;
using testing::Shell;
using testing::TempDir;

class RoninGopQueue : public testing::GopQueueTest {};

TEST_F(RoninGopQueue, PassesEverythingOnInOrder) {
  Link(consumer_);
  Begin();

  PushAll(0, 3);
  PushTitle("yard");
  Push(4);
  PushEvent(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("mark")));
  PushEvent(gst_event_new_gap(5 * kFrame, kFrame));
  Push(5);
  PushEos();

  EXPECT_EQ(consumer_.AllUntilEos(),
            "stream-start caps=video/x-one segment 0! 1 2 3 tag=yard 4 mark gap 5 eos");
  EXPECT_EQ(TakeDropped().messages, 0);
}

TEST_F(RoninGopQueue, DropsWholeGopsTheOldestFirst) {
  Set("max-size-bytes", 1000);
  BeginHeld();

  PushAll(1, 15);
  EXPECT_EQ(Get("current-level-buffers"), 8U);
  EXPECT_EQ(Get("current-level-bytes"), 800U);
  EXPECT_EQ(Get("current-level-time"), 7 * kFrame);
  consumer_.Release();
  PushEos();

  // 11 did not fit, so the rest of the first GOP went; 14 did not, so the second went.
  EXPECT_EQ(consumer_.BuffersUntilEos(), "0! 8! 9 10 11 12 13 14 15");
  EXPECT_EQ(Get("frames-dropped"), 7U);
  const Dropped dropped = TakeDropped();
  EXPECT_EQ(dropped.frames, 7U);
  EXPECT_EQ(dropped.bytes, 700U);
  EXPECT_EQ(dropped.ranges, "1-3 4-7");
}

TEST_F(RoninGopQueue, DropsSingleBuffersWhereEachIsAKeyframe) {
  gop_ = 1;
  Set("max-size-time", 3 * kFrame);
  BeginHeld();

  PushAll(1, 10);
  EXPECT_EQ(Get("current-level-time"), 3 * kFrame);
  consumer_.Release();
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "0! 7! 8 9 10");
  const Dropped dropped = TakeDropped();
  EXPECT_EQ(dropped.frames, 6U);
  EXPECT_EQ(dropped.ranges, "1-6") << "one run is one message";
}

TEST_F(RoninGopQueue, DropsAGopThatIsOverTheLimitUpToTheNextKeyframe) {
  gop_ = 10;
  Set("max-size-bytes", 500);
  BeginHeld();

  PushAll(1, 12);
  consumer_.Release();
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "0! 10! 11 12");
  EXPECT_EQ(Get("frames-dropped"), 9U);
  const Dropped dropped = TakeDropped();
  EXPECT_EQ(dropped.messages, 1);
  EXPECT_EQ(dropped.ranges, "1-9");
}

TEST_F(RoninGopQueue, DropsAKeyframeThatIsOverTheLimitWithAllThatNeedsIt) {
  Set("max-size-bytes", 99);
  Link(consumer_);
  Begin();

  PushAll(0, 7);
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "");
  EXPECT_EQ(TakeDropped().frames, 8U);
  EXPECT_EQ(Get("frames-dropped"), 8U);
}

TEST_F(RoninGopQueue, NeverBlocksAndStaysBoundedWhileDownstreamIsStuck) {
  constexpr guint64 kFrames = 20'000;
  Set("max-size-bytes", 10'000);
  BeginHeld();

  guint64 most = 0;
  for (guint64 number = 1; number < kFrames; ++number) {
    ASSERT_EQ(Push(number), GST_FLOW_OK);
    most = std::max(most, Get("current-level-bytes"));
  }

  EXPECT_LE(most, 10'000U);
  EXPECT_GT(most, 9'000U);
  EXPECT_EQ(1 + Get("frames-dropped") + Get("current-level-buffers"), kFrames);
  consumer_.Release();
  PushEos();
  consumer_.AllUntilEos();
  EXPECT_EQ(TakeDropped().frames, Get("frames-dropped"));
}

TEST_F(RoninGopQueue, CapsAndSegmentSurviveTheDropOfTheirBuffers) {
  Set("max-size-bytes", 1000);
  BeginHeld();

  PushAll(1, 3);
  PushCaps("video/x-two");
  PushTitle("old");
  PushAll(4, 5);
  PushTitle("new");
  PushEvent(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("mark")));
  PushEvent(gst_event_new_gap(6 * kFrame, kFrame));
  PushAll(6, 15);
  consumer_.Release();
  PushEos();

  EXPECT_EQ(consumer_.AllUntilEos(),
            "stream-start caps=video/x-one segment 0! caps=video/x-two tag=new mark "
            "8! 9 10 11 12 13 14 15 eos");
}

TEST_F(RoninGopQueue, LeavesOutSilentlyWhatComesBeforeTheFirstKeyframe) {
  Link(consumer_);
  Begin();

  PushAll(1, 5);
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "4! 5");
  EXPECT_EQ(Get("frames-dropped"), 0U);
  EXPECT_EQ(TakeDropped().messages, 0);
}

TEST_F(RoninGopQueue, GivesAllThatWaitsBeforeTheEnd) {
  BeginHeld();
  PushAll(1, 40);
  PushEos();

  consumer_.Release();

  EXPECT_TRUE(consumer_.AllUntilEos().ends_with("38 39 40 eos"));
  EXPECT_EQ(Push(41), GST_FLOW_EOS);
}

TEST_F(RoninGopQueue, TellsOfLossesAtTheEndOfTheStream) {
  gop_ = 100;
  Set("max-size-bytes", 500);
  BeginHeld();
  PushAll(1, 9);
  EXPECT_EQ(TakeDropped().messages, 0) << "the run lasts";

  PushEos();

  EXPECT_EQ(TakeDropped().ranges, "1-9");
}

TEST_F(RoninGopQueue, TellsOfLossesWhenItIsStopped) {
  gop_ = 100;
  Set("max-size-bytes", 500);
  BeginHeld();
  PushAll(1, 9);
  consumer_.Release();

  gst_element_set_state(harness_->element, GST_STATE_READY);

  EXPECT_EQ(TakeDropped().ranges, "1-9");
}

TEST_F(RoninGopQueue, ForgetsWhatWaitsInAFlushAndGoesOnWithAKeyframe) {
  BeginHeld();
  PushAll(1, 5);
  PushTitle("yard");

  PushEvent(gst_event_new_flush_start());
  EXPECT_EQ(Push(6), GST_FLOW_FLUSHING);
  PushEvent(gst_event_new_flush_stop(TRUE));
  EXPECT_EQ(Get("current-level-buffers"), 0U);
  consumer_.Release();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  PushEvent(gst_event_new_segment(&segment));
  PushAll(7, 9);
  PushEos();

  EXPECT_EQ(consumer_.AllUntilEos(),
            "stream-start caps=video/x-one segment 0! flush-start flush-stop tag=yard segment 8! 9 "
            "eos");
  EXPECT_EQ(Get("frames-dropped"), 0U);
}

TEST_F(RoninGopQueue, TakesBufferLists) {
  Link(consumer_);
  Begin();
  GstBufferList* list = gst_buffer_list_new();
  for (guint64 number = 0; number < 4; ++number) {
    gst_buffer_list_add(list, Frame(number, number == 0));
  }

  EXPECT_EQ(gst_pad_push_list(harness_->srcpad, list), GST_FLOW_OK);
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "0! 1 2 3");
}

TEST_F(RoninGopQueue, WhatIsNotSerializedOvertakesWhatWaitsAndDoesNotBlock) {
  BeginHeld();
  PushAll(1, 2);

  for (const char* name : {"first", "second"}) {
    PushEvent(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_OOB, gst_structure_new_empty(name)));
  }
  consumer_.Release();
  PushEos();

  EXPECT_TRUE(consumer_.AllUntilEos().ends_with("0! first second 1 2 eos"));
}

TEST_F(RoninGopQueue, RefusesQueriesThatWouldWait) {
  BeginHeld();
  GstQuery* allocation = gst_query_new_allocation(nullptr, TRUE);
  GstQuery* drain = gst_query_new_drain();

  EXPECT_FALSE(gst_pad_peer_query(harness_->srcpad, allocation));
  EXPECT_FALSE(gst_pad_peer_query(harness_->srcpad, drain));

  gst_query_unref(allocation);
  gst_query_unref(drain);
}

TEST_F(RoninGopQueue, AddsItsTimeToTheMostALiveSinkMayHoldBackAndNothingElse) {
  gst_harness_set_live(harness_, TRUE);
  gst_harness_set_upstream_latency(harness_, 30 * GST_MSECOND);
  Link(consumer_);
  Begin();
  GstQuery* query = gst_query_new_latency();

  ASSERT_TRUE(gst_pad_peer_query(consumer_.pad(), query));

  gboolean live = FALSE;
  GstClockTime min = 0, max = 0;
  gst_query_parse_latency(query, &live, &min, &max);
  gst_query_unref(query);
  EXPECT_TRUE(live);
  EXPECT_EQ(min, 30 * GST_MSECOND);
  EXPECT_EQ(max, 10 * GST_SECOND);
}

TEST_F(RoninGopQueue, DoesNotTellUpstreamWhatFailsDownstream) {
  for (const GstFlowReturn failure :
       {GST_FLOW_ERROR, GST_FLOW_FLUSHING, GST_FLOW_NOT_LINKED, GST_FLOW_NOT_NEGOTIATED}) {
    RecordingPad consumer;
    consumer.Answer(failure);
    Link(consumer);
    Begin();

    ASSERT_EQ(Push(0), GST_FLOW_OK);
    ASSERT_TRUE(consumer.WaitFor("0!"));
    // Fewer than fit, until it has seen the failure; then more than fit.
    for (guint64 number = 1; number < 200; ++number) ASSERT_EQ(Push(number), GST_FLOW_OK);
    ASSERT_TRUE(WaitUntilEmpty()) << gst_flow_get_name(failure);
    for (guint64 number = 200; number < 700; ++number) ASSERT_EQ(Push(number), GST_FLOW_OK);
    PushEos();

    EXPECT_EQ(Get("frames-dropped"), 0U) << "the element that failed tells it";
    gst_element_set_state(harness_->element, GST_STATE_READY);
    EXPECT_TRUE(consumer.All().ends_with("segment 0!")) << gst_flow_get_name(failure);
  }
}

TEST_F(RoninGopQueue, TellsUpstreamWhenDownstreamWantsNoMore) {
  consumer_.Answer(GST_FLOW_EOS);
  Link(consumer_);
  Begin();

  Push(0);
  ASSERT_TRUE(consumer_.WaitFor("0!"));
  GstFlowReturn result = GST_FLOW_OK;
  for (guint64 number = 1; result == GST_FLOW_OK; ++number) {
    result = Push(number);
    std::this_thread::yield();
  }

  EXPECT_EQ(result, GST_FLOW_EOS);
}

TEST_F(RoninGopQueue, GoesOnWithTheNextKeyframeWhenItIsLinkedLate) {
  Begin();
  PushAll(0, 5);
  ASSERT_TRUE(WaitUntilEmpty());

  Link(consumer_);
  PushAll(6, 9);
  PushEos();

  EXPECT_EQ(consumer_.AllUntilEos(), "stream-start caps=video/x-one segment 8! 9 eos");
}

TEST_F(RoninGopQueue, StopsWhileItsPadIsBlocked) {
  Link(consumer_);
  Begin();
  std::atomic<bool> blocked = false;
  gst_pad_add_probe(
      src_, GstPadProbeType(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
      [](GstPad*, GstPadProbeInfo*, gpointer data) noexcept {
        *static_cast<std::atomic<bool>*>(data) = true;
        return GST_PAD_PROBE_OK;
      },
      &blocked, nullptr);
  PushAll(0, 20);
  while (!blocked) std::this_thread::yield();

  EXPECT_EQ(gst_element_set_state(harness_->element, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);

  EXPECT_EQ(Push(21), GST_FLOW_FLUSHING);
}

TEST_F(RoninGopQueue, CanBeStoppedWhileItIsPushedIntoAndStartedAgain) {
  Set("max-size-bytes", 2000);
  Link(consumer_);

  for (int i = 0; i < 50; ++i) {
    Begin();
    std::atomic<guint64> pushed = 0;
    std::thread pusher([&] {
      while (Push(pushed) == GST_FLOW_OK) ++pushed;
    });
    while (pushed < 100) std::this_thread::yield();

    gst_element_set_state(harness_->element, GST_STATE_READY);

    pusher.join();
    EXPECT_EQ(Get("current-level-buffers"), 0U);
  }
}

TEST(RoninGopQueuePipeline, StopsWhileASinkWaitsForItsClock) {
  GstElement* pipeline = gst_parse_launch(
      "fakesrc is-live=true do-timestamp=true format=time sizetype=fixed sizemax=100 ! "
      "roningopqueue name=queue max-size-bytes=2000 ! fakesink sync=true ts-offset=3600000000000",
      nullptr);
  ASSERT_NE(pipeline, nullptr);
  GstElement* queue = gst_bin_get_by_name(GST_BIN(pipeline), "queue");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  guint64 dropped = 0;
  while (dropped == 0) g_object_get(queue, "frames-dropped", &dropped, nullptr);

  EXPECT_EQ(gst_element_set_state(pipeline, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);

  gst_object_unref(queue);
  gst_object_unref(pipeline);
}

/// The indented line of plugins/README.md that is about this element.
std::string LaunchLine() {
  std::ifstream readme(std::string(std::getenv("RONIN_SOURCE_ROOT")) + "/plugins/README.md");
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("    gst-launch-1.0 ") && line.find("roningopqueue") != line.npos) {
      return line;
    }
  }
  return {};
}

TEST(RoninGopQueueReadme, TheLaunchLineLosesNoFrame) {
  const TempDir folder;
  const std::string line = LaunchLine();
  ASSERT_NE(line.find("location=queued.mp4"), std::string::npos);

  Shell("cd " + folder.path().string() + " && " + line);

  EXPECT_EQ(
      Shell("ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 " +
            (folder / "queued.mp4")),
      "60\n");
}

}  // namespace
}  // namespace ronin
