// SPDX-License-Identifier: MIT
#include "onvif/profile.h"

#include <gtest/gtest.h>

#include "onvif/device.h"

namespace ronin::onvif {
namespace {

std::vector<Profile> Read(const std::string& text) {
  const auto document = XmlDocument::Parse("<R>" + text + "</R>");
  return document ? ReadProfiles(document->root()) : std::vector<Profile>();
}

TEST(Profiles, AreReadFromTheOldService) {
  const auto profiles = Read(
      "<Profiles token='p1'><Name>mainStream</Name><VideoEncoderConfiguration token='e1'>"
      "<Encoding>H264</Encoding><Resolution><Width>1920</Width><Height>1080</Height></Resolution>"
      "<RateControl><FrameRateLimit>25</FrameRateLimit><EncodingInterval>2</EncodingInterval>"
      "<BitrateLimit>4096</BitrateLimit></RateControl><H264><GovLength>50</GovLength></H264>"
      "</VideoEncoderConfiguration><PTZConfiguration token='z'/></Profiles>"
      "<Profiles token='audio'><Name>no video</Name></Profiles><Profiles><Name>no token</Name>"
      "<VideoEncoderConfiguration/></Profiles>");

  ASSERT_EQ(profiles.size(), 1U);
  const Profile& one = profiles[0];
  EXPECT_EQ(one.token, "p1");
  EXPECT_EQ(one.name, "mainStream");
  EXPECT_EQ(one.encoder_token, "e1");
  EXPECT_TRUE(one.has_ptz);
  EXPECT_EQ(one.encoder, (EncoderState{"h264", 1920, 1080, 12.5, 50, 4096}));
  EXPECT_DOUBLE_EQ(one.encoder.keyframe_interval_s(), 4);
}

TEST(Profiles, AreReadFromTheNewService) {
  const auto profiles = Read(
      "<Profiles token='p1'><Name>a</Name><Configurations><VideoEncoder token='e1' GovLength='30' "
      "Profile='Main'><Encoding>H265</Encoding><Resolution><Width>640</Width><Height>360</Height>"
      "</Resolution><RateControl><FrameRateLimit>15.0</FrameRateLimit><BitrateLimit>512"
      "</BitrateLimit></RateControl></VideoEncoder></Configurations></Profiles>");

  ASSERT_EQ(profiles.size(), 1U);
  EXPECT_FALSE(profiles[0].has_ptz);
  EXPECT_EQ(profiles[0].encoder, (EncoderState{"h265", 640, 360, 15, 30, 512}));
}

TEST(Profiles, AreAtMostSixteen) {
  std::string many;
  for (int i = 0; i < 50; ++i) {
    many += "<Profiles token='p'><VideoEncoderConfiguration/></Profiles>";
  }

  EXPECT_EQ(Read(many).size(), 16U);
}

TEST(Numbers, OfHostileDevicesAreZero) {
  for (const char* text : {"", "-1", "nan", "inf", "1e300", "x", "99999999999999999999"}) {
    EXPECT_EQ(ReadCount(text), 0) << text;
    EXPECT_EQ(ReadNumber(text), 0) << text;
  }
  EXPECT_EQ(ReadCount("25.0"), 25);
  EXPECT_EQ(ReadNumber("12.5"), 12.5);
}

std::optional<WallTime> TimeOf(const std::string& date, const std::string& time) {
  const auto document =
      XmlDocument::Parse("<R><SystemDateAndTime><UTCDateTime><Time>" + time + "</Time><Date>" +
                         date + "</Date></UTCDateTime></SystemDateAndTime></R>");
  return ReadDeviceTime(document->root());
}

TEST(DeviceTime, IsReadOrNotThere) {
  const std::string noon = "<Hour>12</Hour><Minute>0</Minute><Second>1</Second>";
  const std::string day = "<Year>2026</Year><Month>11</Month><Day>18</Day>";

  EXPECT_EQ(TimeOf(day, noon), FromMicros(1'795'003'201'000'000));
  EXPECT_FALSE(TimeOf("<Year>2026</Year><Month>13</Month><Day>18</Day>", noon));
  EXPECT_FALSE(TimeOf("<Year>2026</Year><Month>2</Month><Day>30</Day>", noon));
  EXPECT_FALSE(TimeOf("<Year>999999999</Year><Month>2</Month><Day>3</Day>", noon));
  EXPECT_FALSE(TimeOf(day, "<Hour>24</Hour>"));
  EXPECT_FALSE(TimeOf("", ""));
}

}  // namespace
}  // namespace ronin::onvif
