// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <sstream>
#include <thread>
#include <vector>

#include "elements/gop_queue_fixture.h"

namespace ronin {
namespace {

using testing::RecordingPad;

class RoninGopQueueKeep : public testing::GopQueueTest {
 protected:
  RoninGopQueueKeep() : GopQueueTest(true) {}
};

/// The numbers of the frames that came, of an entry such as "12!" the 12.
std::vector<guint64> Numbers(const std::string& all) {
  std::istringstream words(all);
  std::vector<guint64> out;
  for (std::string word; words >> word;) {
    if (word[0] >= '0' && word[0] <= '9') out.push_back(std::stoull(word));
  }
  return out;
}

TEST_F(RoninGopQueueKeep, GivesTheNewestGopFirstToWhoIsLinkedLate) {
  Begin();

  PushAll(0, 9);
  EXPECT_EQ(Get("current-level-buffers"), 2U);
  Link(consumer_);
  PushAll(10, 13);
  PushEos();

  EXPECT_EQ(consumer_.AllUntilEos(), "stream-start caps=video/x-one segment 8! 9 10 11 12 13 eos");
  EXPECT_EQ(Get("frames-dropped"), 0U);
  EXPECT_EQ(TakeDropped().messages, 0);
}

TEST_F(RoninGopQueueKeep, GivesTheNextConsumerWhatHasLeftOfTheNewestGop) {
  RecordingPad first;
  Link(first);
  Begin();
  PushAll(0, 6);
  ASSERT_TRUE(first.WaitFor("6"));

  Unlink(first);
  PushAll(7, 7);
  Link(consumer_);
  PushAll(8, 9);
  PushEos();

  EXPECT_EQ(first.All(), "stream-start caps=video/x-one segment 0! 1 2 3 4 5 6");
  EXPECT_EQ(consumer_.AllUntilEos(), "stream-start caps=video/x-one segment 4! 5 6 7 8 9 eos");
}

TEST_F(RoninGopQueueKeep, GivesTheEventsThatBelongToTheKeptGop) {
  RecordingPad first;
  Link(first);
  Begin();
  PushAll(0, 1);
  PushCaps("video/x-two");
  PushAll(2, 2);
  ASSERT_TRUE(first.WaitFor("2"));

  Unlink(first);
  Link(consumer_);
  PushEos();

  const std::string all = consumer_.AllUntilEos();
  EXPECT_TRUE(all.ends_with("caps=video/x-one segment 0! 1 caps=video/x-two 2 eos") ||
              all.ends_with("segment caps=video/x-one 0! 1 caps=video/x-two 2 eos"))
      << all;
}

TEST_F(RoninGopQueueKeep, GivesTheKeptGopAfterTheEndOfTheStream) {
  RecordingPad first;
  Link(first);
  Begin();
  PushAll(0, 5);
  PushEos();
  first.AllUntilEos();

  Unlink(first);
  Link(consumer_);

  EXPECT_EQ(consumer_.BuffersUntilEos(), "4! 5");
}

TEST_F(RoninGopQueueKeep, ABufferHeldOnThePadDoesNotComeBeforeTheKeptGop) {
  RecordingPad first;
  Link(first);
  Begin();
  PushAll(0, 1);
  ASSERT_TRUE(first.WaitFor("1"));
  std::atomic<bool> blocked = false;
  const gulong probe = gst_pad_add_probe(
      src_, GstPadProbeType(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
      [](GstPad*, GstPadProbeInfo*, gpointer data) noexcept {
        *static_cast<std::atomic<bool>*>(data) = true;
        return GST_PAD_PROBE_OK;
      },
      &blocked, nullptr);
  PushAll(2, 2);
  while (!blocked) std::this_thread::yield();

  Unlink(first);
  Link(consumer_);
  gst_pad_remove_probe(src_, probe);
  PushAll(3, 3);
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "0! 1 2 3");
}

TEST_F(RoninGopQueueKeep, ADownstreamThatFailedLosesNothingForTheNext) {
  for (const GstFlowReturn failure : {GST_FLOW_ERROR, GST_FLOW_EOS, GST_FLOW_FLUSHING}) {
    RecordingPad first;
    RecordingPad second;
    first.Answer(failure);
    Link(first);
    Begin();
    PushAll(0, 0);
    ASSERT_TRUE(first.WaitFor("0!"));
    PushAll(1, 6);

    Unlink(first);
    Link(second);
    PushAll(7, 8);
    PushEos();

    EXPECT_EQ(second.BuffersUntilEos(), "4! 5 6 7 8") << gst_flow_get_name(failure);
    Unlink(second);
    gst_element_set_state(harness_->element, GST_STATE_NULL);
  }
  EXPECT_EQ(TakeDropped().messages, 0);
}

TEST_F(RoninGopQueueKeep, DropsAsEverWhileItIsLinked) {
  Set("max-size-bytes", 1000);
  BeginHeld();

  PushAll(1, 15);
  consumer_.Release();
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "0! 8! 9 10 11 12 13 14 15");
  EXPECT_EQ(TakeDropped().frames, 7U);
}

TEST_F(RoninGopQueueKeep, ForgetsTheKeptGopInAFlush) {
  Begin();
  PushAll(0, 2);

  PushEvent(gst_event_new_flush_start());
  PushEvent(gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  PushEvent(gst_event_new_segment(&segment));
  PushAll(3, 5);
  Link(consumer_);
  PushEos();

  EXPECT_EQ(consumer_.AllUntilEos(), "stream-start caps=video/x-one segment 4! 5 eos");
}

TEST_F(RoninGopQueueKeep, HoldsOlderGopsForTheTimeThatIsAskedFor) {
  Set("keep-time", 9 * kFrame);
  Begin();

  PushAll(0, 17);
  EXPECT_EQ(Get("current-level-buffers"), 8U + 2U) << "of the keyframes 8, 12 and 16";
  Set("keep-time", 0);
  PushAll(18, 20);
  EXPECT_EQ(Get("current-level-buffers"), 1U);
  Set("keep-time", 100 * kFrame);
  PushAll(21, 37);
  Link(consumer_);
  PushEos();

  const std::vector<guint64> numbers = Numbers(consumer_.BuffersUntilEos());
  ASSERT_EQ(numbers.size(), 18U);
  EXPECT_EQ(numbers.front(), 20U);
  EXPECT_EQ(numbers.back(), 37U);
  EXPECT_EQ(TakeDropped().messages, 0);
}

TEST_F(RoninGopQueueKeep, HoldsNoMoreThanItsLimitsHoweverLongIsAskedFor) {
  Set("keep-time", 100 * GST_SECOND);
  Set("max-size-bytes", 1000);
  Begin();

  PushAll(0, 41);

  EXPECT_EQ(Get("current-level-buffers"), 10U) << "of the keyframes 32, 36 and 40";
  EXPECT_EQ(TakeDropped().messages, 0);
}

TEST_F(RoninGopQueueKeep, TurnedOffWhileItIsLinkedItGoesOn) {
  Begin();
  PushAll(0, 5);
  Link(consumer_);

  g_object_set(harness_->element, "keep-gop", FALSE, nullptr);
  PushAll(6, 9);
  PushEos();

  EXPECT_EQ(consumer_.BuffersUntilEos(), "4! 5 6 7 8 9");
}

TEST_F(RoninGopQueueKeep, TurnedOffWithNobodyLinkedItBeginsWithTheNextKeyframe) {
  Begin();
  PushAll(0, 5);

  g_object_set(harness_->element, "keep-gop", FALSE, nullptr);
  EXPECT_EQ(Get("current-level-buffers"), 0U);
  Link(consumer_);
  PushAll(6, 9);
  PushEos();

  EXPECT_EQ(consumer_.AllUntilEos(), "stream-start caps=video/x-one segment 8! 9 eos");
  EXPECT_EQ(TakeDropped().messages, 0);
}

TEST_F(RoninGopQueueKeep, StopsWhileNobodyIsLinked) {
  Begin();
  PushAll(0, 9);

  EXPECT_EQ(gst_element_set_state(harness_->element, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);

  EXPECT_EQ(Get("current-level-buffers"), 0U);
}

TEST_F(RoninGopQueueKeep, EveryConsumerGetsAKeyframeFirstAndThenAllHoweverOftenTheyChange) {
  Set("max-size-bytes", 100'000'000);
  Begin();
  PushAll(0, 0);
  std::atomic<bool> done = false;
  std::atomic<guint64> pushed = 0;
  std::thread pusher([&] {
    for (guint64 number = 1; !done; ++number) {
      EXPECT_EQ(Push(number), GST_FLOW_OK);
      pushed = number;
      // No faster than they are taken, so that nothing has to be dropped.
      while (!done && Get("current-level-buffers") > 100) std::this_thread::yield();
    }
  });

  for (int i = 0; i < 300; ++i) {
    RecordingPad consumer;
    Link(consumer);
    const guint64 goal = pushed + 3;
    while (pushed < goal) std::this_thread::yield();
    std::string all;
    while (Numbers(all = consumer.All()).empty()) std::this_thread::yield();
    Unlink(consumer);

    const std::vector<guint64> numbers = Numbers(all);
    EXPECT_EQ(numbers[0] % gop_, 0U) << all;
    for (size_t at = 1; at < numbers.size(); ++at) EXPECT_EQ(numbers[at], numbers[at - 1] + 1);
  }
  done = true;
  pusher.join();
  EXPECT_EQ(TakeDropped().messages, 0);
}

}  // namespace
}  // namespace ronin
