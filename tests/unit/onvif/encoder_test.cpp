// SPDX-License-Identifier: MIT
#include "onvif/encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ronin::onvif {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char* const kOldOptions =
    "<R><Options><QualityRange><Min>1</Min><Max>6</Max></QualityRange><H264><ResolutionsAvailable>"
    "<Width>1920</Width><Height>1080</Height></"
    "ResolutionsAvailable><ResolutionsAvailable><Width>640"
    "</Width><Height>360</Height></ResolutionsAvailable><GovLengthRange><Min>10</Min><Max>100</Max>"
    "</GovLengthRange><FrameRateRange><Min>1</Min><Max>25</Max></FrameRateRange>"
    "<H264ProfilesSupported>Main</H264ProfilesSupported></"
    "H264><Extension><H264><BitrateRange><Min>64"
    "</Min><Max>8192</Max></BitrateRange></H264></Extension></Options></R>";
const char* const kNewOptions =
    "<R><Options GovLengthRange='1 250' FrameRatesSupported='25 12.5 5' ProfilesSupported='Main "
    "High'>"
    "<Encoding>H264</Encoding></Options><Options GovLengthRange='1 100' ProfilesSupported='Main10'>"
    "<Encoding>H265</Encoding><BitrateRange><Min>32</Min><Max>4096</Max></BitrateRange></Options></"
    "R>";
const EncoderState kNow{"h264", 1920, 1080, 25, 100, 4096};

std::vector<CodecOptions> Options(const char* text) {
  return ReadEncoderOptions(XmlDocument::Parse(text)->root());
}

struct Fitted {
  EncoderState state;
  std::vector<std::string> notes;
};

Fitted Fit(const EncoderWish& wish, const char* options = kOldOptions,
           const EncoderState& now = kNow) {
  Fitted out;
  out.state = FitEncoder(now, wish, Options(options), &out.notes);
  return out;
}

TEST(EncoderOptions, AreReadFromBothServices) {
  const auto older = Options(kOldOptions);
  const auto newer = Options(kNewOptions);

  ASSERT_EQ(older.size(), 1U);
  EXPECT_EQ(older[0].sizes.size(), 2U);
  EXPECT_EQ(older[0].bitrate_kbit.max, 8192);
  ASSERT_EQ(newer.size(), 2U);
  EXPECT_THAT(newer[0].rates, ElementsAre(25, 12.5, 5));
  EXPECT_EQ(newer[0].gov_length.max, 250);
  EXPECT_EQ(newer[1].codec, "h265");
  EXPECT_THAT(newer[1].profiles, ElementsAre("Main10"));
}

TEST(FitEncoder, GivesWhatTheCameraCanDo) {
  const auto fitted =
      Fit({.width = 640, .height = 360, .fps = 10, .keyframe_interval_s = 1, .bitrate_kbit = 512});

  EXPECT_EQ(fitted.state, (EncoderState{"h264", 640, 360, 10, 10, 512}));
  EXPECT_THAT(fitted.notes, IsEmpty());
}

TEST(FitEncoder, SaysWhatItCannotDo) {
  const auto fitted = Fit({.codec = "h265",
                           .width = 800,
                           .height = 600,
                           .fps = 50,
                           .keyframe_interval_s = 10,
                           .bitrate_kbit = 16});

  EXPECT_EQ(fitted.state, (EncoderState{"h264", 640, 360, 25, 100, 64}));
  EXPECT_THAT(fitted.notes, ElementsAre(HasSubstr("h265"), HasSubstr("640x360"), HasSubstr("25."),
                                        HasSubstr("4 s"), HasSubstr("64 kbit/s")));
}

TEST(FitEncoder, TakesTheNearestRateOfAList) {
  EXPECT_EQ(Fit({.fps = 10}, kNewOptions).state.fps, 12.5);
}

TEST(FitEncoder, KeepsTheKeyframeIntervalAtAnotherRate) {
  const auto fitted = Fit({.fps = 5}, kNewOptions);

  EXPECT_EQ(fitted.state.gov_length, 20);
  EXPECT_DOUBLE_EQ(fitted.state.keyframe_interval_s(), 4);
}

TEST(FitEncoder, LeavesAllElseAsItIs) {
  EXPECT_EQ(Fit({.keyframe_interval_s = 1}).state,
            (EncoderState{"h264", 1920, 1080, 25, 25, 4096}));
  EXPECT_EQ(Fit({}, "<R/>").state, kNow);
}

TEST(FitEncoder, TakesAWishAsItIsWhenTheCameraNamesNoLimits) {
  EXPECT_EQ(Fit({.fps = 7, .bitrate_kbit = 9}, "<R/>").state.fps, 7);
  EXPECT_THAT(Fit({.keyframe_interval_s = 1}, "<R/>", EncoderState{"h264"}).notes.front(),
              HasSubstr("how many pictures per second"));
}

EncoderState Written(const std::string& configuration, const EncoderState& after,
                     const char* options, std::string* text) {
  const auto document = XmlDocument::Parse(configuration);
  XmlNode root = document->root();
  WriteEncoder(root, ReadEncoder(root), after, Options(options));
  *text = root.Write("Configuration");
  return ReadEncoder(root);
}

TEST(WriteEncoder, ChangesOnlyWhatIsOther) {
  std::string text;
  const EncoderState after{"h264", 640, 360, 10, 20, 512};

  const EncoderState back = Written(
      "<C token='e'><Name>n</Name><Encoding>H264</Encoding><Resolution><Width>1920</Width><Height>"
      "1080</Height></Resolution><RateControl><FrameRateLimit>25</"
      "FrameRateLimit><EncodingInterval>2"
      "</EncodingInterval><BitrateLimit>4096</BitrateLimit></RateControl><H264><GovLength>50"
      "</GovLength><H264Profile>High</H264Profile></H264><Own>x &amp; y</Own></C>",
      after, kOldOptions, &text);

  EXPECT_EQ(back, after);
  EXPECT_THAT(text, HasSubstr("<EncodingInterval>1</EncodingInterval>"));
  EXPECT_THAT(text, HasSubstr("<H264Profile>High</H264Profile>"));
  EXPECT_THAT(text, HasSubstr("<Own>x &amp; y</Own>"));
}

TEST(WriteEncoder, GivesAProfileThatTheNewCodecHas) {
  std::string text;
  const EncoderState after{"h265", 1920, 1080, 25, 25, 4096};

  const EncoderState back = Written(
      "<C GovLength='100' Profile='High'><Encoding>H264</Encoding><Resolution><Width>1920</Width>"
      "<Height>1080</Height></Resolution><RateControl><FrameRateLimit>25</FrameRateLimit>"
      "<BitrateLimit>4096</BitrateLimit></RateControl></C>",
      after, kNewOptions, &text);

  EXPECT_EQ(back, after);
  EXPECT_THAT(text, HasSubstr("Profile=\"Main10\""));
}

TEST(WriteEncoder, AddsH264WhereMotionJpegWas) {
  std::string text;
  const EncoderState after{"h264", 640, 360, 25, 25, 4096};

  const EncoderState back = Written(
      "<C><Encoding>JPEG</Encoding><Resolution><Width>640</Width><Height>360</Height></Resolution>"
      "<RateControl><FrameRateLimit>25</FrameRateLimit><BitrateLimit>4096</BitrateLimit>"
      "</RateControl><Multicast/></C>",
      after, kOldOptions, &text);

  EXPECT_EQ(back, after);
  EXPECT_THAT(text, HasSubstr("</RateControl><H264><GovLength>25</GovLength><H264Profile>Main"
                              "</H264Profile></H264><Multicast/>"));
}

}  // namespace
}  // namespace ronin::onvif
