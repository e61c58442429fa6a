// SPDX-License-Identifier: MIT
// RTP packets by their sequence numbers and timestamps through roninrtporder.
#include <cstdint>
#include <optional>
#include <vector>

#include <gst/check/gstharness.h>
#include <gtest/gtest.h>

#include "rtp_order.h"
#include "rtp_time.h"

namespace ronin_plugin {
namespace {

constexpr uint32_t kFrame = 3600;  // ticks of 90 kHz in 40 ms

GstBuffer* Packet(uint16_t number, uint32_t stamp, guint8 payload_type = 96) {
  guint8 bytes[16] = {0x80, payload_type};
  GST_WRITE_UINT16_BE(bytes + 2, number);
  GST_WRITE_UINT32_BE(bytes + 4, stamp);
  GST_WRITE_UINT32_BE(bytes + 8, 0xCAFE);
  return gst_buffer_new_memdup(bytes, sizeof bytes);
}

uint16_t NumberOf(GstBuffer* buffer) {
  guint8 bytes[2];
  gst_buffer_extract(buffer, 2, bytes, 2);
  return GST_READ_UINT16_BE(bytes);
}

/// The element between a camera and a depayloader.
class RtpOrderElement : public testing::Test {
 protected:
  RtpOrderElement() {
    gst_harness_set_src_caps_str(harness_,
                                 "application/x-rtp, media=video, payload=96, clock-rate=90000");
  }
  ~RtpOrderElement() override { gst_harness_teardown(harness_); }

  void Push(uint16_t number, uint32_t stamp = 0, guint8 payload_type = 96) {
    EXPECT_EQ(gst_harness_push(harness_, Packet(number, stamp, payload_type)), GST_FLOW_OK);
  }

  struct Out {
    std::vector<uint16_t> numbers;
    std::vector<int64_t> times_ms;  // since the first
  };
  Out Pull() {
    Out out;
    while (GstBuffer* buffer = gst_harness_try_pull(harness_)) {
      if (!first_) first_ = GST_BUFFER_PTS(buffer);
      out.numbers.push_back(NumberOf(buffer));
      out.times_ms.push_back((int64_t(GST_BUFFER_PTS(buffer)) - int64_t(*first_)) / 1'000'000);
      gst_buffer_unref(buffer);
    }
    return out;
  }

  GstHarness* const harness_ = gst_harness_new("roninrtporder");
  std::optional<GstClockTime> first_;
};

TEST_F(RtpOrderElement, GivesPacketsInOrderAtOnceAndTheTimesThatTheySay) {
  Push(7, 0xFFFFFFF0u);
  Push(8, 0xFFFFFFF0u);
  Push(9, 0xFFFFFFF0u + kFrame);
  Push(10, 0xFFFFFFF0u + 2 * kFrame);

  const Out out = Pull();
  EXPECT_EQ(out.numbers, (std::vector<uint16_t>{7, 8, 9, 10}));
  EXPECT_EQ(out.times_ms, (std::vector<int64_t>{0, 0, 40, 80}));
}

TEST_F(RtpOrderElement, PutsPacketsInOrderOverTheWrapOfTheirNumbers) {
  Push(65533);
  Push(65535, kFrame);
  Push(0, 2 * kFrame);
  EXPECT_EQ(Pull().numbers, (std::vector<uint16_t>{65533}));

  Push(65534);

  const Out out = Pull();
  EXPECT_EQ(out.numbers, (std::vector<uint16_t>{65534, 65535, 0}));
  EXPECT_EQ(out.times_ms, (std::vector<int64_t>{0, 40, 80}));
}

TEST_F(RtpOrderElement, DropsWhatComesTwiceOrTooLate) {
  Push(1);
  Push(1);
  Push(3);
  Push(3);
  Push(2);
  Push(2);

  EXPECT_EQ(Pull().numbers, (std::vector<uint16_t>{1, 2, 3}));
}

TEST_F(RtpOrderElement, GivesUpWhatIsMissingWhenTooManyWaitForIt) {
  Push(1);
  for (uint16_t i = 3; i < 3 + RtpOrder::kMostWaiting - 1; ++i) Push(i);
  EXPECT_EQ(Pull().numbers, (std::vector<uint16_t>{1}));

  Push(3 + RtpOrder::kMostWaiting - 1);

  const auto numbers = Pull().numbers;
  EXPECT_EQ(numbers.size(), RtpOrder::kMostWaiting);
  EXPECT_EQ(numbers.front(), 3);
}

TEST_F(RtpOrderElement, GivesWhatWaitsWhenTheStreamEnds) {
  Push(1);
  Push(3);
  Push(5);

  gst_harness_push_event(harness_, gst_event_new_eos());

  EXPECT_EQ(Pull().numbers, (std::vector<uint16_t>{1, 3, 5}));
}

TEST_F(RtpOrderElement, BeginsANewCountWhenNumbersJumpFar) {
  Push(60000);
  Push(60002);
  Push(500);
  Push(501);

  EXPECT_EQ(Pull().numbers, (std::vector<uint16_t>{60000, 60002, 500, 501}));
}

TEST_F(RtpOrderElement, BeginsANewCountWhenNumbersStayALittleBack) {
  Push(500);
  for (uint16_t i = 0; i < RtpOrder::kLateInARow + 2; ++i) Push(uint16_t(100 + i));

  const auto last = uint16_t(100 + RtpOrder::kLateInARow);
  EXPECT_EQ(Pull().numbers,
            (std::vector<uint16_t>{500, uint16_t(last - 1), last, uint16_t(last + 1)}));
}

TEST_F(RtpOrderElement, ABurstOfPacketsThatCameAlreadyBeginsNoNewCount) {
  for (uint16_t i = 1; i <= 100; ++i) Push(i);
  for (uint16_t i = 50; i < 50 + RtpOrder::kLateInARow - 1; ++i) Push(i);
  Push(101);
  for (uint16_t i = 90; i <= 101; ++i) Push(i);
  Push(102);

  const auto numbers = Pull().numbers;
  ASSERT_EQ(numbers.size(), 102U);
  for (size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], i + 1);
}

TEST_F(RtpOrderElement, AsksForTheClockRateOfAnotherPayloadType) {
  g_signal_connect(harness_->element, "request-pt-map",
                   G_CALLBACK(+[](GstElement*, guint payload_type, gpointer) -> GstCaps* {
                     return payload_type == 97
                                ? gst_caps_from_string("application/x-rtp, clock-rate=8000")
                                : nullptr;
                   }),
                   nullptr);

  Push(1, 0, 97);
  Push(2, 800, 97);

  EXPECT_EQ(Pull().times_ms, (std::vector<int64_t>{0, 100}));
}

TEST_F(RtpOrderElement, DropsPacketsOfAnUnknownTypeWhichChangeNoTimes) {
  Push(1);
  Push(2, 7, 50);
  Push(3, kFrame);
  Push(4, 7, 50);
  Push(5, 2 * kFrame);

  const Out out = Pull();
  EXPECT_EQ(out.numbers, (std::vector<uint16_t>{1, 3, 5}));
  EXPECT_EQ(out.times_ms, (std::vector<int64_t>{0, 40, 80}));
}

TEST_F(RtpOrderElement, DropsWhatIsNoPacket) {
  gst_harness_push(harness_, gst_buffer_new_allocate(nullptr, 11, nullptr));
  gst_harness_push(harness_, gst_buffer_new());
  Push(1);

  EXPECT_EQ(Pull().numbers, (std::vector<uint16_t>{1}));
}

TEST_F(RtpOrderElement, TakesReportsAndGivesThemToNobody) {
  GstPad* pad = gst_element_request_pad_simple(harness_->element, "sink_rtcp");
  ASSERT_NE(pad, nullptr);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_send_event(pad, gst_event_new_stream_start("reports"));
  gst_pad_send_event(pad, gst_event_new_segment(&segment));

  EXPECT_EQ(gst_pad_chain(pad, gst_buffer_new_allocate(nullptr, 28, nullptr)), GST_FLOW_OK);

  EXPECT_TRUE(Pull().numbers.empty());
  gst_element_release_request_pad(harness_->element, pad);
  gst_object_unref(pad);
}

TEST_F(RtpOrderElement, StartsAnewAfterReady) {
  Push(1);
  Push(3);
  gst_element_set_state(harness_->element, GST_STATE_READY);
  gst_element_set_state(harness_->element, GST_STATE_PLAYING);
  Pull();

  gst_harness_set_src_caps_str(harness_,
                               "application/x-rtp, media=video, payload=96, clock-rate=90000");
  gst_harness_push_event(harness_, gst_event_new_stream_start("again"));
  Push(9);

  EXPECT_EQ(Pull().numbers, (std::vector<uint16_t>{9}));
}

std::vector<uint16_t> Numbers(const std::vector<GstBuffer*>& buffers) {
  std::vector<uint16_t> out;
  for (GstBuffer* buffer : buffers) {
    out.push_back(NumberOf(buffer));
    gst_buffer_unref(buffer);
  }
  return out;
}

TEST(RtpOrder, WaitsForWhatIsMissingForATenthOfASecond) {
  RtpOrder order;
  EXPECT_TRUE(order.IsDue(1));

  EXPECT_FALSE(order.IsDue(3));
  EXPECT_TRUE(order.Put(3, Packet(3, 0), 0).empty());
  EXPECT_TRUE(order.Put(4, Packet(4, 0), RtpOrder::kLongestWaitUs - 1).empty());
  EXPECT_EQ(Numbers(order.Put(5, Packet(5, 0), RtpOrder::kLongestWaitUs)),
            (std::vector<uint16_t>{3, 4, 5}));

  EXPECT_FALSE(order.IsDue(2));
  EXPECT_TRUE(order.Put(2, Packet(2, 0), RtpOrder::kLongestWaitUs).empty());
  EXPECT_TRUE(order.IsDue(6));
}

TEST(RtpOrder, WaitsAnewForTheNextThatIsMissing) {
  RtpOrder order;
  EXPECT_TRUE(order.IsDue(1));
  std::ignore = order.Put(3, Packet(3, 0), 0);
  std::ignore = order.Put(5, Packet(5, 0), 50'000);

  EXPECT_EQ(Numbers(order.Put(6, Packet(6, 0), 100'000)), (std::vector<uint16_t>{3}));
  EXPECT_EQ(Numbers(order.Put(4, Packet(4, 0), 110'000)), (std::vector<uint16_t>{4, 5, 6}));
}

TEST(RtpTime, FollowsTheCameraBackwardToTheBeginningOfTheConnection) {
  RtpTime time;
  time.SetRate(90000);
  EXPECT_FALSE(time.At(1000));
  EXPECT_EQ(time.Begin(1000, 40 * GST_MSECOND), 40 * GST_MSECOND);

  EXPECT_EQ(time.At(1000 + 2 * kFrame), 120 * GST_MSECOND);
  EXPECT_EQ(time.At(1000 + kFrame), 80 * GST_MSECOND);
  EXPECT_EQ(time.At(1000 - kFrame), 0);
}

TEST(RtpTime, BeginsANewLineWhenTheCameraSetsItsClockBackBeforeThat) {
  RtpTime time;
  time.SetRate(90000);
  time.Begin(1'000'000'000, 0);
  EXPECT_EQ(time.At(1'000'000'000 + kFrame), 40 * GST_MSECOND);

  EXPECT_FALSE(time.At(5000));
  EXPECT_EQ(time.Begin(5000, 81 * GST_MSECOND), 81 * GST_MSECOND + RtpTime::kJump);
  EXPECT_EQ(time.At(5000 + kFrame), 121 * GST_MSECOND + RtpTime::kJump) << "the jump stays one";
}

TEST(RtpTime, NeverBeginsBeforeWhatItGave) {
  RtpTime time;
  time.SetRate(90000);
  time.Begin(0, 0);
  EXPECT_EQ(time.At(25 * kFrame), GST_SECOND);

  time.SetRate(8000);
  EXPECT_FALSE(time.At(0));
  EXPECT_EQ(time.Begin(0, GST_MSECOND), GST_SECOND);
}

}  // namespace
}  // namespace ronin_plugin
