// SPDX-License-Identifier: MIT
// Audio beside the video: it never holds the video up, and stays where it was.
#include "elements/cmaf_fixture.h"

namespace ronin::testing {
namespace {

class RoninCmafMuxAudio : public CmafFixture {
 protected:
  static size_t TracksIn(const Out& init) {
    size_t count = 0;
    for (const auto& box : ParseBoxes(*FindBody(init.bytes, "moov"))) count += box.type == "trak";
    return count;
  }
  guint64 Dropped() {
    guint64 out = 0;
    g_object_get(harness_->element, "audio-dropped", &out, nullptr);
    return out;
  }
  /// All of both tracks, each behind the other.
  static std::vector<std::string> Samples(const std::vector<ParsedFragment>& in, uint32_t id) {
    std::vector<std::string> out;
    for (const auto& fragment : in) {
      const ParsedTrack* track = fragment.track(id);
      if (track != nullptr) out.insert(out.end(), track->samples.begin(), track->samples.end());
    }
    return out;
  }
};

TEST_F(RoninCmafMuxAudio, KeepsTheOffsetBetweenTheTracks) {
  RequestAudio();
  Start(200);
  AudioCaps(AacCaps());
  Key(1000);
  for (int i = 0; i < 20; ++i) {
    Audio(1013 + 20 * i);
    Video(1040 + 40 * i);
  }
  EndVideo();

  const auto fragments = TakeFragments();
  ASSERT_FALSE(fragments.empty());
  EXPECT_EQ(fragments[0].track(kVideo)->decode_time, 90'000U);
  ASSERT_NE(fragments[0].track(kAudio), nullptr);
  EXPECT_EQ(fragments[0].track(kAudio)->decode_time, 1013U * 48);
  EXPECT_EQ(Samples(fragments, kAudio).size(), 20U);
  EXPECT_EQ(Samples(fragments, kVideo).size(), 21U);
}

TEST_F(RoninCmafMuxAudio, AudioFramesFollowEachOtherOverAllFragments) {
  RequestAudio();
  Start(200);
  AudioCaps(AacCaps());
  for (int i = 0; i < 50; ++i) {
    Video(40 * i, {.key = i % 10 == 0});
    Audio(40 * i);
    Audio(40 * i + 20);
  }
  EndVideo();

  uint64_t at = 0;
  const auto fragments = TakeFragments();
  for (const auto& fragment : fragments) {
    const ParsedTrack* audio = fragment.track(kAudio);
    if (audio == nullptr) continue;
    EXPECT_EQ(audio->decode_time, at);
    at += uint64_t(audio->duration());
  }
  EXPECT_EQ(at, 100U * 960);
  EXPECT_EQ(Samples(fragments, kAudio).size(), 100U);
}

TEST_F(RoninCmafMuxAudio, TheFirstInitSegmentWaitsForAnnouncedAudioButNotForLong) {
  g_object_set(harness_->element, "audio-wait", guint64(400 * kMs), nullptr);
  RequestAudio();
  Start(0);
  int i = 0;
  for (; 40 * i < 400; ++i) {
    Video(40 * i, {.key = i == 0});
    EXPECT_TRUE(Take().empty()) << i;
  }
  Video(40 * i);

  const auto out = Take();
  ASSERT_EQ(out.size(), size_t(i) + 2) << "all that waited, and the init segment";
  EXPECT_EQ(TracksIn(out[0]), 1U);
}

TEST_F(RoninCmafMuxAudio, DoesNotWaitForAudioThatEnded) {
  RequestAudio();
  Start(0);
  gst_harness_push_event(audio_, gst_event_new_stream_start("a"));
  EndAudio();
  Key(0);

  EXPECT_EQ(Take().size(), 2U);
}

TEST_F(RoninCmafMuxAudio, AudioThatComesInTimeIsInTheFirstInitSegment) {
  RequestAudio();
  Start(0);
  Key(0);
  EXPECT_TRUE(Take().empty());
  AudioCaps(AacCaps());
  Audio(0);

  const auto out = Take();
  ASSERT_GE(out.size(), 2U);
  EXPECT_EQ(TracksIn(out[0]), 2U);
}

TEST_F(RoninCmafMuxAudio, AudioThatComesLateBringsAnInitSegmentAtTheNextKeyframe) {
  g_object_set(harness_->element, "audio-wait", guint64(0), nullptr);
  RequestAudio();
  Start(200);
  Key(0);
  Video(40);
  AudioCaps(AacCaps());
  Audio(40);
  Video(80);
  EXPECT_EQ(Dropped(), 1U) << "its track is not there yet";
  Key(120);
  Audio(120);
  Video(160);
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 4U);
  EXPECT_EQ(TracksIn(out[0]), 1U);
  EXPECT_EQ(out[1].fragment().tracks[0].samples.size(), 3U);
  ASSERT_TRUE(out[2].init());
  EXPECT_EQ(TracksIn(out[2]), 2U);
  const auto last = out[3].fragment();
  ASSERT_NE(last.track(kAudio), nullptr);
  EXPECT_EQ(last.track(kAudio)->samples, std::vector<std::string>{"a120"});
}

TEST_F(RoninCmafMuxAudio, ChangedAudioBringsAnInitSegmentAtTheNextKeyframe) {
  RequestAudio();
  Start(200);
  AudioCaps(AacCaps());
  Key(0);
  Audio(0);
  AudioCaps(AacCaps(16000));
  Video(40);
  Key(80);
  Audio(80);
  Video(120);
  EndVideo();

  const auto out = Take();
  ASSERT_EQ(out.size(), 4U);
  ASSERT_TRUE(out[2].init());
  EXPECT_EQ(out[3].fragment().track(kAudio)->decode_time, 80U * 16);
}

TEST_F(RoninCmafMuxAudio, AudioThatEndsOrFallsSilentLeavesTheVideoAlone) {
  RequestAudio();
  Start(0);
  AudioCaps(AacCaps());
  Key(0);
  Audio(0);
  Take();
  for (int i = 1; i < 5; ++i) {
    if (i == 3) EndAudio();
    Video(40 * i);
    EXPECT_EQ(TakeFragments().size(), 1U) << i;
  }
}

TEST_F(RoninCmafMuxAudio, AudioFromBeforeTheFirstPictureIsLeftOut) {
  RequestAudio();
  Start(200);
  AudioCaps(AacCaps());
  for (int i = 0; i < 5; ++i) Audio(900 + 20 * i);
  Key(950);
  for (int i = 0; i < 5; ++i) {
    Audio(1000 + 20 * i);
    Video(990 + 40 * i);
  }
  EndVideo();

  const auto fragments = TakeFragments();
  ASSERT_FALSE(fragments.empty());
  EXPECT_EQ(fragments[0].track(kVideo)->decode_time, 950U * 90);
  ASSERT_NE(fragments[0].track(kAudio), nullptr);
  EXPECT_EQ(fragments[0].track(kAudio)->decode_time, 960U * 48);
  EXPECT_EQ(Samples(fragments, kAudio)[0], "a960");
  EXPECT_EQ(Dropped(), 0U) << "it is not missed";
}

TEST_F(RoninCmafMuxAudio, AudioThatBeginsBehindAJumpBackInTimeIsTaken) {
  RequestAudio();
  Start(80);
  AudioCaps(AacCaps());
  Key(10'000);
  Video(10'040);
  Video(1'000, {.key = true, .resync = true});
  Audio(1'000);
  Video(1'040);
  EndVideo();

  EXPECT_EQ(Samples(TakeFragments(), kAudio), std::vector<std::string>{"a1000"});
}

TEST_F(RoninCmafMuxAudio, AHoleInTheAudioStaysAHole) {
  RequestAudio();
  Start(10'000);
  AudioCaps(AacCaps());
  Key(0);
  Audio(0);
  Audio(20);
  Audio(1000);
  for (int i = 1; i < 50; ++i) Video(40 * i);
  EndVideo();

  std::vector<int64_t> times;
  for (const auto& fragment : TakeFragments()) {
    const ParsedTrack* audio = fragment.track(kAudio);
    if (audio == nullptr) continue;
    for (const int64_t pts : audio->pts()) times.push_back(pts);
  }
  EXPECT_EQ(times, (std::vector<int64_t>{0, 960, 48'000}));
}

TEST_F(RoninCmafMuxAudio, AudioWithoutADurationHasTheUsualOne) {
  RequestAudio();
  Start(200);
  AudioCaps(AacCaps());
  Key(0);
  Audio(0, 0);
  Video(40);
  EndVideo();

  EXPECT_EQ(TakeFragments().at(0).track(kAudio)->duration(), 1024);
}

TEST_F(RoninCmafMuxAudio, AudioFollowsTheVideoOverANewClock) {
  constexpr int64_t kUtc = 1'700'000'000'000;
  RequestAudio();
  Start(80);
  AudioCaps(AacCaps());
  // The camera's clock goes back by an hour at 400 ms.
  for (int i = 0; i < 20; ++i) {
    const int64_t clock = i < 10 ? kUtc : kUtc - 3'600'000;
    Video(40 * i, {.key = i % 5 == 0, .utc_ms = clock + 40 * i});
    Audio(40 * i);
    Audio(40 * i + 20);
  }
  EndVideo();

  size_t with_audio = 0;
  for (const auto& fragment : TakeFragments()) {
    const ParsedTrack* audio = fragment.track(kAudio);
    if (audio == nullptr) continue;
    ++with_audio;
    const double video_ms = double(fragment.track(kVideo)->decode_time) / 90;
    const double audio_ms = double(audio->decode_time) / 48;
    EXPECT_NEAR(video_ms, audio_ms, 100) << "fragment " << fragment.sequence;
  }
  EXPECT_GE(with_audio, 9U);
  EXPECT_EQ(Dropped(), 0U);
}

}  // namespace
}  // namespace ronin::testing
