// SPDX-License-Identifier: MIT
// The parts of roningopqueue that depend on the clock, with a clock that the test moves.
#include "gop_queue.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace ronin_plugin {
namespace {

constexpr GstClockTime kMs = GST_MSECOND;

TEST(QueueTime, FollowsTimestampsHoweverFastTheyArrive) {
  QueueTime time;

  const GstClockTime first = time.Place(5 * GST_SECOND, 0);

  EXPECT_EQ(time.Place(5 * GST_SECOND + 40 * kMs, 0) - first, 40 * kMs);
  EXPECT_EQ(time.Place(5 * GST_SECOND + 80 * kMs, 1) - first, 80 * kMs);
}

TEST(QueueTime, GoesByArrivalWhenTimestampsAreMissing) {
  QueueTime time;

  const GstClockTime first = time.Place(GST_CLOCK_TIME_NONE, 7 * GST_SECOND);

  EXPECT_EQ(time.Place(GST_CLOCK_TIME_NONE, 10 * GST_SECOND) - first, 3 * GST_SECOND);
}

TEST(QueueTime, CountsNothingTwiceWhenOnlySomeTimestampsAreMissing) {
  QueueTime time;
  const GstClockTime first = time.Place(0, 0);

  time.Place(GST_CLOCK_TIME_NONE, 40 * kMs);

  EXPECT_EQ(time.Place(80 * kMs, 80 * kMs) - first, 80 * kMs);
}

TEST(QueueTime, GoesByArrivalOverAJumpForward) {
  QueueTime time;
  const GstClockTime first = time.Place(0, 0);

  EXPECT_EQ(time.Place(3600 * GST_SECOND, 40 * kMs) - first, 40 * kMs);
  EXPECT_EQ(time.Place(3600 * GST_SECOND + 40 * kMs, 80 * kMs) - first, 80 * kMs);
}

TEST(QueueTime, GoesByArrivalOverAJumpBackward) {
  QueueTime time;
  const GstClockTime first = time.Place(3600 * GST_SECOND, 0);

  EXPECT_EQ(time.Place(0, 40 * kMs) - first, 40 * kMs);
  EXPECT_EQ(time.Place(40 * kMs, 80 * kMs) - first, 80 * kMs);
}

TEST(QueueTime, BelievesALargeStepThatTookThatLong) {
  QueueTime time;
  const GstClockTime first = time.Place(0, 0);

  EXPECT_EQ(time.Place(30 * GST_SECOND, 29 * GST_SECOND) - first, 30 * GST_SECOND);
}

TEST(QueueTime, GoesByArrivalWhenTimestampsStandStill) {
  QueueTime time;
  const GstClockTime first = time.Place(0, 0);

  GstClockTime last = 0;
  for (GstClockTime now = 0; now <= 20 * GST_SECOND; now += 40 * kMs) last = time.Place(0, now);

  EXPECT_GT(last - first, 18 * GST_SECOND);
}

TEST(QueueTime, TakesReorderedFramesForWhatTheyAre) {
  QueueTime time;
  const GstClockTime first = time.Place(0, 0);

  EXPECT_EQ(time.Place(120 * kMs, 40 * kMs) - first, 120 * kMs);
  EXPECT_EQ(time.Place(40 * kMs, 80 * kMs) - first, 40 * kMs);
  EXPECT_EQ(time.Place(80 * kMs, 120 * kMs) - first, 80 * kMs);
  EXPECT_EQ(time.Place(240 * kMs, 160 * kMs) - first, 240 * kMs);
}

GstBuffer* Frame(guint64 number, bool key, gsize size = 100) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
  GST_BUFFER_OFFSET(buffer) = number;
  GST_BUFFER_PTS(buffer) = number * 40 * kMs;
  GST_BUFFER_DURATION(buffer) = 40 * kMs;
  if (!key) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return buffer;
}

void Drop(DropReport& report, guint64 number, GstClockTime now) {
  GstBuffer* buffer = Frame(number, false);
  report.Add(buffer, now);
  gst_buffer_unref(buffer);
}

TEST(DropReport, TellsARunWhenItEnds) {
  DropReport report;
  Drop(report, 5, 1000);
  Drop(report, 6, 2000);

  EXPECT_FALSE(report.Take(false, 3000));
  const auto run = report.Take(true, 4000);

  ASSERT_TRUE(run);
  EXPECT_EQ(run->frames, 2U);
  EXPECT_EQ(run->bytes, 200U);
  EXPECT_EQ(run->start, 200 * kMs);
  EXPECT_EQ(run->end, 280 * kMs);
  EXPECT_EQ(run->since, 1000U);
  EXPECT_FALSE(report.Take(true, 5000)) << "it is told once";
}

TEST(DropReport, TellsARunThatLastsEverySecondInPartsThatAddUp) {
  DropReport report;
  guint64 told = 0;
  int parts = 0;

  for (guint64 number = 0; number < 100; ++number) {
    const GstClockTime now = number * 40 * kMs;
    Drop(report, number, now);
    if (const auto run = report.Take(false, now)) {
      EXPECT_EQ(run->start, told * 40 * kMs);
      EXPECT_EQ(run->since, 0U);
      told += run->frames;
      EXPECT_EQ(told, number + 1);
      ++parts;
    }
  }

  EXPECT_EQ(parts, 3);
  EXPECT_EQ(told + report.Take(true, 4 * GST_SECOND)->frames, 100U);
}

TEST(DropReport, SaysWhenNoFrameHadATime) {
  DropReport report;
  GstBuffer* buffer = gst_buffer_new();
  report.Add(buffer, 0);
  gst_buffer_unref(buffer);

  const auto run = report.Take(true, 0);

  ASSERT_TRUE(run);
  EXPECT_EQ(run->start, GST_CLOCK_TIME_NONE);
  EXPECT_EQ(run->end, GST_CLOCK_TIME_NONE);
}

/// What a queue gives, without waiting: offsets of buffers, names of events.
std::string TakeAll(GopQueue& queue) {
  std::string out;
  while (!queue.empty()) {
    GstMiniObject* next = queue.Pop();
    out +=
        (out.empty() ? "" : " ") + (GST_IS_EVENT(next) ? std::string(GST_EVENT_TYPE_NAME(next))
                                                       : std::to_string(GST_BUFFER_OFFSET(next)));
    gst_mini_object_unref(next);
  }
  return out;
}

GstEvent* Custom(GstEventType type, const std::string& name) {
  return gst_event_new_custom(type, gst_structure_new_empty(name.c_str()));
}

TEST(GopQueue, DropsByArrivalWhatHasNoTimestamps) {
  GopQueue queue;
  queue.Open();

  for (guint64 number = 0; number <= 12; ++number) {
    GstBuffer* buffer = Frame(number, true);
    GST_BUFFER_PTS(buffer) = GST_CLOCK_TIME_NONE;
    queue.PushBuffer(buffer, number * GST_SECOND);
  }

  EXPECT_EQ(queue.time(), 10 * GST_SECOND);
  EXPECT_EQ(TakeAll(queue), "2 3 4 5 6 7 8 9 10 11 12");
}

TEST(GopQueue, IsBoundedForBuffersWithoutSizeAndTime) {
  GopQueue queue;
  queue.Open();

  for (guint64 number = 0; number < 150'000; ++number) {
    GstBuffer* buffer = gst_buffer_new();
    queue.PushBuffer(buffer, 0);
  }

  EXPECT_EQ(queue.buffers(), 100'000U);
  EXPECT_EQ(queue.drops().frames(), 50'000U);
}

TEST(GopQueue, IsBoundedForEventsAlone) {
  for (const bool keep : {false, true}) {
    GopQueue queue;
    queue.Restart(keep);
    queue.Open();
    queue.PushEvent(gst_event_new_stream_start("stream"), 0);
    queue.PushBuffer(Frame(0, true), 0);

    for (int i = 0; i < 1500; ++i) {
      queue.PushEvent(Custom(GST_EVENT_CUSTOM_DOWNSTREAM, "some"), 0);
      queue.PushEvent(Custom(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, "name" + std::to_string(i)), 0);
      queue.PushEventFirst(Custom(GST_EVENT_CUSTOM_DOWNSTREAM_OOB, "oob"));
    }

    int events = 0;
    bool started = false;
    while (!queue.empty()) {
      GstMiniObject* next = queue.Pop();
      ++events;
      started |= GST_IS_EVENT(next) && GST_EVENT_TYPE(next) == GST_EVENT_STREAM_START;
      gst_mini_object_unref(next);
    }
    EXPECT_LE(events, 1001);
    EXPECT_TRUE(started) << "what makes a stream of it is not given up";
  }
}

TEST(GopQueue, KeepsWithinItsLimitsWhatNobodyTakes) {
  GopQueue queue;
  queue.SetLimits({1000, GST_SECOND}, 0);
  queue.Restart(true);

  for (guint64 number = 0; number < 12; ++number) queue.PushBuffer(Frame(number, number == 0), 0);

  EXPECT_EQ(queue.bytes(), 0U) << "a GOP over the limit cannot be kept";
  for (guint64 number = 12; number < 15; ++number) queue.PushBuffer(Frame(number, number == 13), 0);
  EXPECT_EQ(queue.bytes(), 200U);
  queue.Open();
  EXPECT_EQ(TakeAll(queue), "13 14");
  EXPECT_EQ(queue.drops().frames(), 0U);
}

TEST(GopQueue, ObeysALowerLimitAtOnce) {
  GopQueue queue;
  queue.SetLimits({1000, GST_SECOND}, 0);
  queue.Restart(true);
  queue.Open();
  for (guint64 number = 0; number < 8; ++number)
    queue.PushBuffer(Frame(number, number % 4 == 0), 0);

  queue.SetLimits({400, GST_SECOND}, 0);

  EXPECT_EQ(queue.drops().frames(), 4U);
  EXPECT_EQ(TakeAll(queue), "4 5 6 7");
  queue.SetLimits({1, 1}, 0);
  queue.Close(0);
  queue.Open();
  EXPECT_EQ(TakeAll(queue), "") << "what was kept of the GOP is forgotten, too";
}

TEST(GopQueue, GivesUpWhatItKeptBeforeItDropsWhatIsDue) {
  GopQueue queue;
  queue.SetLimits({1000, GST_SECOND}, 0);
  queue.Restart(true);
  queue.Open();
  for (guint64 number = 0; number < 8; ++number) queue.PushBuffer(Frame(number, number == 0), 0);
  EXPECT_EQ(TakeAll(queue), "0 1 2 3 4 5 6 7");

  for (guint64 number = 8; number < 12; ++number) queue.PushBuffer(Frame(number, false), 0);

  EXPECT_EQ(TakeAll(queue), "8 9 10 11");
  EXPECT_EQ(queue.drops().frames(), 0U);
  queue.Close(0);
  queue.Open();
  EXPECT_EQ(TakeAll(queue), "") << "half a GOP is of no use";
}

TEST(GopQueue, LetsGoOfWhatHasLeftWhenItStopsKeeping) {
  GopQueue queue;
  queue.Restart(true);
  queue.Open();
  GstBuffer* buffer = Frame(0, true);
  bool gone = false;
  gst_mini_object_weak_ref(
      GST_MINI_OBJECT_CAST(buffer),
      [](gpointer data, GstMiniObject*) noexcept { *static_cast<bool*>(data) = true; }, &gone);
  queue.PushBuffer(buffer, 0);
  queue.PushBuffer(Frame(1, false), 0);

  EXPECT_EQ(TakeAll(queue), "0 1");
  EXPECT_FALSE(gone);
  queue.StopKeeping();
  EXPECT_TRUE(gone);
  queue.PushBuffer(Frame(2, false), 0);
  EXPECT_EQ(TakeAll(queue), "2") << "what follows comes as before";
}

TEST(GopQueue, ForgetsTheEndOfAStreamThatWasFollowedByAnother) {
  GopQueue queue;
  queue.SetLimits({200, GST_SECOND}, 0);
  queue.Open();
  queue.PushEvent(gst_event_new_stream_start("one"), 0);
  queue.PushBuffer(Frame(0, true), 0);
  queue.PushEvent(gst_event_new_eos(), 0);
  queue.PushEvent(gst_event_new_stream_start("two"), 0);

  for (guint64 number = 1; number < 4; ++number) queue.PushBuffer(Frame(number, true), 0);

  EXPECT_EQ(TakeAll(queue), "stream-start 2 3");
}

}  // namespace
}  // namespace ronin_plugin
