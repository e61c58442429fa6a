// SPDX-License-Identifier: MIT
#include "mp4_track.h"

#include <string>

#include <gtest/gtest.h>

#include "elements/parsed_fragment.h"

namespace ronin_plugin {
namespace {

using ronin::testing::FindBody;
using ronin::testing::Number;
using ronin::testing::ParseBoxes;
using ronin::testing::Text;

std::optional<Mp4Track> Track(const std::string& text) {
  GstCaps* caps = gst_caps_from_string(text.c_str());
  EXPECT_NE(caps, nullptr) << text;
  auto out = TrackFromCaps(caps);
  if (caps != nullptr) gst_caps_unref(caps);
  return out;
}

/// The boxes behind the fixed part of a sample entry.
std::vector<ronin::testing::ParsedBox> InEntry(const Mp4Track& track) {
  const size_t fixed = track.video ? 78 : 28;
  return ParseBoxes(ParseBoxes(Text(track.sample_entry)).at(0).body.substr(fixed));
}

TEST(TrackFromCaps, TakesTheVideoThatCamerasSend) {
  const std::vector<std::array<std::string, 3>> codecs = {
      {"video/x-h264,stream-format=avc", "avc1", "avcC"},
      {"video/x-h265,stream-format=hvc1", "hvc1", "hvcC"},
      {"video/x-av1,stream-format=obu-stream", "av01", "av1C"}};
  for (const auto& [caps, entry, config] : codecs) {
    const auto track =
        Track(caps + ",width=1920,height=1080,framerate=25/1,codec_data=(buffer)01020304");

    ASSERT_TRUE(track) << caps;
    EXPECT_TRUE(track->video);
    EXPECT_EQ(track->timescale, 90'000U);
    EXPECT_EQ(track->nominal, 3600U);
    EXPECT_EQ(ParseBoxes(Text(track->sample_entry)).at(0).type, entry);
    const auto body = ParseBoxes(Text(track->sample_entry)).at(0).body;
    EXPECT_EQ(Number(body, 24, 2), 1920U);
    EXPECT_EQ(Number(body, 26, 2), 1080U);
    ASSERT_EQ(InEntry(*track).size(), 1U);
    EXPECT_EQ(InEntry(*track)[0].type, config);
    EXPECT_EQ(InEntry(*track)[0].body, std::string("\1\2\3\4"));
  }
}

TEST(TrackFromCaps, PixelsThatAreNotSquareAreSaid) {
  const auto track = Track(
      "video/x-h264,width=704,height=576,pixel-aspect-ratio=16/11,codec_data=(buffer)01020304");

  ASSERT_TRUE(track);
  ASSERT_EQ(InEntry(*track).size(), 2U);
  EXPECT_EQ(InEntry(*track)[1].type, "pasp");
  EXPECT_EQ(Number(InEntry(*track)[1].body, 0, 4), 16U);
}

TEST(TrackFromCaps, AVariableFrameRateIsNoFrameRate) {
  for (const char* rate : {"0/1", "90000/1"}) {
    const auto track = Track(std::string("video/x-h264,width=1,height=1,codec_data=(buffer)01,") +
                             "framerate=" + rate);
    ASSERT_TRUE(track);
    EXPECT_EQ(track->nominal, 0U);
  }
}

TEST(TrackFromCaps, TakesAac) {
  const auto track = Track(
      "audio/mpeg,mpegversion=4,stream-format=raw,rate=16000,channels=1,codec_data=(buffer)1408");

  ASSERT_TRUE(track);
  EXPECT_FALSE(track->video);
  EXPECT_EQ(track->timescale, 16'000U);
  EXPECT_EQ(track->nominal, 1024U);
  ASSERT_EQ(InEntry(*track).size(), 1U);
  const auto esds = InEntry(*track)[0].body;
  EXPECT_NE(esds.find(std::string("\x05\x02\x14\x08", 4)), esds.npos);
}

TEST(TrackFromCaps, TakesOpus) {
  const auto track = Track("audio/x-opus,channel-mapping-family=0,channels=1,rate=16000");

  ASSERT_TRUE(track);
  EXPECT_EQ(track->timescale, 48'000U);
  const auto config = InEntry(*track).at(0);
  EXPECT_EQ(config.type, "dOps");
  EXPECT_EQ(Number(config.body, 1, 1), 1U);
  EXPECT_EQ(Number(config.body, 2, 2), 312U);
  EXPECT_EQ(Number(config.body, 4, 4), 16'000U);
}

TEST(TrackFromCaps, RefusesWhatDoesNotSayEnoughOrCannotBePlayed) {
  for (const char* caps :
       {"video/x-h264,width=640,height=480", "video/x-h264,codec_data=(buffer)01020304",
        "video/x-h264,width=0,height=480,codec_data=(buffer)01",
        "video/x-h264,width=70000,height=480,codec_data=(buffer)01",
        "video/x-vp9,width=640,height=480,codec_data=(buffer)01", "image/jpeg,width=640,height=480",
        "audio/mpeg,mpegversion=4,stream-format=adts,rate=48000,codec_data=(buffer)1190",
        "audio/mpeg,mpegversion=4,stream-format=raw,rate=48000",
        "audio/mpeg,mpegversion=4,stream-format=raw,codec_data=(buffer)1190",
        "audio/x-opus,channel-mapping-family=1,channels=6", "audio/x-alaw,rate=8000,channels=1"}) {
    EXPECT_FALSE(Track(caps)) << caps;
  }
  EXPECT_FALSE(TrackFromCaps(nullptr));
}

TEST(InitSegment, HasATrackForEach) {
  const auto video = Track("video/x-h264,width=640,height=480,codec_data=(buffer)01020304");
  const auto audio = Track("audio/x-opus,channels=2");
  ASSERT_TRUE(video && audio);

  const Bytes both = InitSegment(*video, audio);
  const Bytes one = InitSegment(*video, {});

  size_t tracks = 0;
  for (const auto& box : ParseBoxes(*FindBody(Text(both), "moov"))) tracks += box.type == "trak";
  EXPECT_EQ(tracks, 2U);
  EXPECT_NE(FindBody(Text(one), "ftyp")->find("cmfc"), std::string::npos);
  EXPECT_EQ(FindBody(Text(both), "ftyp")->find("cmfc"), std::string::npos);
}

}  // namespace
}  // namespace ronin_plugin
