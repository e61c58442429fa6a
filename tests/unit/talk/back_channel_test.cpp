// SPDX-License-Identifier: MIT
#include "talk/back_channel.h"

#include <string>

#include <gtest/gtest.h>

namespace ronin::talk {
namespace {

const std::string kHead = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=Camera\r\nt=0 0\r\n";
const std::string kVideo = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=recvonly\r\n";
const std::string kSound = "m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=recvonly\r\n";

/// A sound track that the client sends.
std::string Back(const std::string& types, const std::string& lines) {
  return "m=audio 0 RTP/AVP " + types + "\r\n" + lines + "a=sendonly\r\n";
}

std::optional<BackChannel> In(const std::string& tracks) {
  GstSDPMessage* sdp = nullptr;
  gst_sdp_message_new(&sdp);
  const std::string text = kHead + tracks;
  gst_sdp_message_parse_buffer(reinterpret_cast<const guint8*>(text.data()), guint(text.size()),
                               sdp);
  const auto found = FindBackChannel(*sdp);
  gst_sdp_message_free(sdp);
  return found;
}

TEST(BackChannel, IsTheSoundThatTheClientSends) {
  EXPECT_EQ(In(kVideo + kSound), std::nullopt);
  EXPECT_EQ(In(kVideo + kSound + Back("0", "a=rtpmap:0 PCMU/8000\r\n")),
            (BackChannel{2, 0, Codec::kPcmu, 8000, 1}));
  EXPECT_EQ(In("m=application 0 RTP/AVP 107\r\na=sendonly\r\n" + kVideo), std::nullopt);
}

TEST(BackChannel, KnowsG711WithoutItsName) {
  EXPECT_EQ(In(Back("0", "")), (BackChannel{0, 0, Codec::kPcmu, 8000, 1}));
  EXPECT_EQ(In(Back("8", "")), (BackChannel{0, 8, Codec::kPcma, 8000, 1}));
  EXPECT_EQ(In(Back("97", "a=rtpmap:97 pcma/8000\r\n")),
            (BackChannel{0, 97, Codec::kPcma, 8000, 1}));
}

TEST(BackChannel, SpeaksAacAsItIsUsual) {
  const std::string map = "a=rtpmap:97 MPEG4-GENERIC/16000\r\n";

  EXPECT_EQ(In(Back("97", map)), (BackChannel{0, 97, Codec::kAac, 16000, 1}));
  EXPECT_EQ(In(Back("97",
                    "a=rtpmap:97 mpeg4-generic/48000/2\r\n"
                    "a=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3\r\n")),
            (BackChannel{0, 97, Codec::kAac, 48000, 2}));
  EXPECT_EQ(In(Back("97", map + "a=fmtp:97 mode=AAC-lbr;sizelength=6;indexlength=2\r\n")),
            std::nullopt);
  EXPECT_EQ(In(Back("97", "a=rtpmap:97 MPEG4-GENERIC/64000\r\n")), std::nullopt)
      << "the encoder does not have this rate";
}

TEST(BackChannel, TakesG711BeforeAacWhereverTheyStand) {
  const std::string aac = "a=rtpmap:116 MPEG4-GENERIC/48000\r\n";

  EXPECT_EQ(In(Back("116 8", aac)), (BackChannel{0, 8, Codec::kPcma, 8000, 1}));
  EXPECT_EQ(In(Back("116", aac) + kVideo + Back("8 0", "")),
            (BackChannel{2, 0, Codec::kPcmu, 8000, 1}));
}

TEST(BackChannel, IsNoneInACodecThatWeDoNotSpeak) {
  EXPECT_EQ(In(Back("98", "a=rtpmap:98 G726-32/8000\r\n")), std::nullopt);
  EXPECT_EQ(In(Back("98", "a=rtpmap:98 PCMU/16000\r\n")), std::nullopt);
  EXPECT_EQ(In(Back("98", "")), std::nullopt);
  EXPECT_EQ(In(Back("x", "a=rtpmap:x\r\na=rtpmap:\r\n")),
            (BackChannel{0, 0, Codec::kPcmu, 8000, 1}))
      << "a type that is no number reads as 0";
}

}  // namespace
}  // namespace ronin::talk
