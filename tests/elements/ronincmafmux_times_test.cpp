// SPDX-License-Identifier: MIT
// The time axis: reordered frames, UTC and its steps, times that are missing or make no sense.
#include <algorithm>

#include "elements/cmaf_fixture.h"

namespace ronin::testing {
namespace {

constexpr int64_t kUtc = 1'700'000'000'000;  // ms

class RoninCmafMuxTimes : public CmafFixture {
 protected:
  /// Each presentation time in ms, in the order of the file; decode times must rise.
  std::vector<int64_t> PtsOf(const std::vector<ParsedFragment>& fragments) {
    std::vector<int64_t> out;
    int64_t end = -1;
    for (const auto& fragment : fragments) {
      const ParsedTrack& video = fragment.tracks.at(0);
      EXPECT_GE(int64_t(video.decode_time), end);
      for (const int64_t duration : video.durations) EXPECT_GT(duration, 0);
      end = int64_t(video.decode_time) + video.duration();
      for (const int64_t pts : video.pts()) out.push_back((pts + 45) / 90);
    }
    return out;
  }
};

TEST_F(RoninCmafMuxTimes, WithDecodeTimesReorderedFramesKeepTheirs) {
  Start(200);
  const std::vector<std::pair<int, int>> frames = {
      {80, 0}, {200, 40}, {120, 80}, {160, 120}, {320, 160}};
  for (const auto& [pts, dts] : frames) Video(pts, {.key = dts == 0, .dts_ms = dts});
  EndVideo();

  EXPECT_EQ(PtsOf(TakeFragments()), (std::vector<int64_t>{80, 200, 120, 160, 320}));
}

TEST_F(RoninCmafMuxTimes, WithoutDecodeTimesReorderedFramesAreShownInTheirOrder) {
  Start(400);
  const std::vector<int> sent = {0, 160, 80, 40, 120, 320, 240, 200, 280, 480, 400, 360, 440};
  for (const int pts : sent) Video(pts, {.key = pts == 0});
  EndVideo();

  const auto got = PtsOf(TakeFragments());
  ASSERT_EQ(got.size(), sent.size());
  // The file may begin later by what is reordered; between the frames nothing changes.
  for (size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i] - got[0], sent[i]) << i;
  EXPECT_LE(got[0], 80) << "two frames";
}

TEST_F(RoninCmafMuxTimes, ReorderingThatBeginsLaterStillRises) {
  Start(0);
  std::vector<int64_t> sent;
  for (int i = 0; i < 10; ++i) sent.push_back(40 * i);
  for (const int pts : {520, 440, 400, 480, 680, 600, 560, 640}) sent.push_back(pts);
  for (const int64_t pts : sent) Video(double(pts), {.key = pts == 0});
  EndVideo();

  EXPECT_EQ(TakeFragments().size(), sent.size());
}

TEST_F(RoninCmafMuxTimes, NegativeTimesMoveTheBeginning) {
  Start(200);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = 80 * kMs;  // as x264enc does, for decode times before 0
  gst_harness_push_event(harness_, gst_event_new_segment(&segment));
  for (const auto& [pts, dts] : {std::pair{80, 0}, {200, 40}, {120, 80}, {160, 120}}) {
    Video(pts, {.key = dts == 0, .dts_ms = dts});
  }
  EndVideo();

  const auto fragments = TakeFragments();
  EXPECT_EQ(fragments.at(0).tracks[0].decode_time, 0U);
  EXPECT_EQ(PtsOf(fragments), (std::vector<int64_t>{80, 200, 120, 160}));
}

TEST_F(RoninCmafMuxTimes, EqualTimesBecomeRisingDecodeTimes) {
  Start(200);
  for (const int pts : {0, 40, 40, 40, 80}) Video(pts, {.key = pts == 0});
  EndVideo();

  EXPECT_EQ(PtsOf(TakeFragments()), (std::vector<int64_t>{0, 40, 40, 40, 80}));
}

TEST_F(RoninCmafMuxTimes, AFrameWithoutATimeIsLeftOut) {
  Start(200);
  Key(0);
  EXPECT_EQ(gst_harness_push(harness_, gst_buffer_new_memdup("lost", 4)), GST_FLOW_OK);
  Video(40);
  EndVideo();

  EXPECT_EQ(TakeFragments().at(0).tracks[0].samples, (std::vector<std::string>{"v0", "v40"}));
}

TEST_F(RoninCmafMuxTimes, AJumpForwardIsKeptAndBackwardLosesNoFrame) {
  Start(200);
  std::vector<int> sent = {0, 40, 80, 600'000, 600'040, 1000, 1040, 1080};
  for (const int pts : sent) Video(pts, {.key = pts == 0 || pts == 600'000 || pts == 1000});
  EndVideo();

  const auto fragments = TakeFragments();
  const auto got = PtsOf(fragments);
  ASSERT_EQ(got.size(), sent.size());
  EXPECT_EQ(got[4], 600'040);
  for (size_t i = 5; i < got.size(); ++i) EXPECT_NEAR(double(got[i]), sent[i], 1) << i;
}

TEST_F(RoninCmafMuxTimes, AJumpOfDaysStaysInTheNumbersOfAFile) {
  Start(200);
  const int days = 3 * 24 * 3'600'000;
  for (const int pts : {0, 40, days, days + 40}) Video(pts, {.key = pts == 0});
  EndVideo();

  const auto fragments = TakeFragments();
  EXPECT_EQ(fragments.back().tracks[0].decode_time, uint64_t(days) * 90);
}

TEST_F(RoninCmafMuxTimes, AJumpInAReorderedStreamDoesNotReachOverIt) {
  Start(200);
  for (const int start : {0, 60'000}) {
    for (const int pts : {0, 120, 40, 80, 240, 160, 200}) Video(start + pts, {.key = pts == 0});
  }
  EndVideo();

  for (const auto& fragment : TakeFragments()) {
    for (const int64_t offset : fragment.tracks[0].offsets) EXPECT_LT(std::abs(offset), 90 * 400);
  }
}

TEST_F(RoninCmafMuxTimes, TimesAreUtcWhereItIsKnown) {
  Start(200);
  for (int i = 0; i < 6; ++i) Video(5000 + 40 * i, {.key = i == 0, .utc_ms = kUtc + 40 * i});
  EndVideo();

  const auto out = Take();
  ASSERT_GE(out.size(), 2U);
  const auto first = out[1].fragment();
  EXPECT_EQ(first.tracks[0].decode_time, uint64_t(kUtc) * 90);
  ASSERT_TRUE(first.producer_time);
  EXPECT_EQ(first.producer_time->first >> 32, uint64_t(kUtc / 1000) + 2'208'988'800);
  EXPECT_EQ(first.producer_time->second, uint64_t(kUtc) * 90);
  EXPECT_EQ(GST_BUFFER_PTS(out[1].buffer), 5000 * kMs) << "outside it is running time";
  EXPECT_NE(gst_buffer_get_reference_timestamp_meta(out[1].buffer, nullptr), nullptr);
}

TEST_F(RoninCmafMuxTimes, AClockThatStepsIsFollowedAtAKeyframe) {
  for (const int step : {1000, -3'600'000, 500}) {
    Start(80);
    for (int i = 0; i < 20; ++i) {
      const int64_t utc = kUtc + 40 * i + (i >= 6 ? step : 0);
      Video(40 * i, {.key = i % 10 == 0, .utc_ms = utc});
    }
    EndVideo();

    bool stepped = false;
    for (const Out& each : Take()) {
      if (each.init()) continue;
      const auto fragment = each.fragment();
      const bool behind = GST_BUFFER_PTS(each.buffer) >= 400 * kMs;
      EXPECT_EQ(each.has(GST_BUFFER_FLAG_RESYNC), behind && !stepped) << step;
      if (behind) stepped = true;
      const auto running = int64_t(GST_BUFFER_PTS(each.buffer) / kMs);
      EXPECT_EQ(int64_t(fragment.tracks[0].decode_time) / 90, kUtc + running + (behind ? step : 0));
    }
    EXPECT_TRUE(stepped);
  }
}

TEST_F(RoninCmafMuxTimes, AClockThatDriftsIsApproachedWhateverTheDuration) {
  for (const uint64_t duration : {0, 200}) {
    Start(duration);
    for (int i = 0; i < 100; ++i) {
      Video(40 * i, {.key = i == 0, .utc_ms = kUtc + 40 * i + (i > 10 ? 100 : 0)});
    }
    EndVideo();

    const auto fragments = TakeFragments();
    const ParsedTrack& last = fragments.back().tracks[0];
    EXPECT_EQ(last.pts().back(), (kUtc + 40 * 99 + 100) * 90) << duration;
    uint64_t before = 0;
    for (const auto& fragment : fragments) {
      EXPECT_GT(fragment.tracks[0].decode_time, before);
      before = fragment.tracks[0].decode_time;
    }
  }
}

TEST_F(RoninCmafMuxTimes, WhatCameLateAtTheBeginningHasTheTimeOfTheNewestFrame) {
  Start(200);
  for (int i = 0; i < 20; ++i) {
    const int late = std::max(160 - 40 * i, 0);
    Video(40 * i, {.key = i == 0, .utc_ms = kUtc + 40 * i + late});
  }
  EndVideo();

  const auto out = Take();
  ASSERT_TRUE(out[0].init());
  const auto* named = gst_buffer_get_reference_timestamp_meta(out[0].buffer, nullptr);
  ASSERT_NE(named, nullptr);
  EXPECT_EQ(named->timestamp, GstClockTime(kUtc) * kMs) << "files are named after it";
  for (size_t i = 1; i < out.size(); ++i) {
    const auto running = int64_t(GST_BUFFER_PTS(out[i].buffer) / kMs);
    EXPECT_EQ(int64_t(out[i].fragment().tracks[0].decode_time), (kUtc + running) * 90);
  }
}

TEST_F(RoninCmafMuxTimes, AClockThatIsSetBackALittleNeverOvertakesTheLastFrame) {
  Start(400);
  for (const int pts : {0, 40, 80, 120, 160, 200, 240, 280, 281, 320, 321}) {
    Video(pts, {.key = pts == 0 || pts > 280, .utc_ms = kUtc + pts - (pts > 280 ? 100 : 0)});
  }
  EndVideo();

  const auto got = PtsOf(TakeFragments());  // it sees that they rise
  EXPECT_EQ(got.size(), 11U);
}

TEST_F(RoninCmafMuxTimes, AClockThatIsKnownLaterCountsFromAKeyframe) {
  Start(80);
  for (int i = 0; i < 20; ++i) {
    Frame frame{.key = i % 10 == 0};
    if (i >= 5) frame.utc_ms = kUtc + 40 * i;
    Video(40 * i, frame);
  }
  EndVideo();

  for (const Out& each : Take()) {
    if (each.init()) continue;
    const bool known = GST_BUFFER_PTS(each.buffer) >= 400 * kMs;
    EXPECT_EQ(each.fragment().tracks[0].decode_time > uint64_t(kUtc), known);
    EXPECT_EQ(each.has(GST_BUFFER_FLAG_RESYNC), GST_BUFFER_PTS(each.buffer) == 400 * kMs);
  }
}

TEST_F(RoninCmafMuxTimes, AJumpThatIsAnnouncedIsPassedOnAtTheNextKeyframe) {
  Start(80);
  Key(0);
  Video(40, {.resync = true});
  Key(80);
  Key(120);
  EndVideo();

  std::vector<bool> resync;
  for (const Out& each : Take()) resync.push_back(each.has(GST_BUFFER_FLAG_RESYNC));
  EXPECT_EQ(resync, (std::vector{false, false, true, false}));
}

}  // namespace
}  // namespace ronin::testing
