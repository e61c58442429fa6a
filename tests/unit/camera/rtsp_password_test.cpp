// SPDX-License-Identifier: MIT
#include "camera/rtsp_password.h"

#include <memory>

#include <gtest/gtest.h>

#include "base/g_ref.h"

namespace ronin::camera {
namespace {

using Kind = PasswordChallenge::Kind;

std::optional<PasswordChallenge> Best(std::initializer_list<const char*> challenges) {
  GstRTSPMessage* made = nullptr;
  gst_rtsp_message_new_response(&made, GST_RTSP_STS_UNAUTHORIZED, "Unauthorized", nullptr);
  const std::unique_ptr<GstRTSPMessage, FreeWith<gst_rtsp_message_free>> answer(made);
  for (const char* challenge : challenges) {
    gst_rtsp_message_add_header(answer.get(), GST_RTSP_HDR_WWW_AUTHENTICATE, challenge);
  }
  return BestChallenge(answer.get());
}

TEST(RtspPassword, TakesTheStrongestChallengeThatIsKnown) {
  const char* basic = "Basic realm=\"x\"";
  const char* md5 = "Digest realm=\"x\", nonce=\"1\"";
  const char* sha256 = "Digest realm=\"x\", nonce=\"2\", algorithm=sha-256, qop=\"auth-int, auth\"";

  const auto best = Best({basic, sha256, md5});

  ASSERT_TRUE(best);
  EXPECT_EQ(best->kind, Kind::kSha256);
  EXPECT_EQ(best->nonce, "2");
  EXPECT_TRUE(best->qop);
  EXPECT_EQ(Best({basic, md5})->kind, Kind::kMd5);
  EXPECT_EQ(Best({basic})->kind, Kind::kBasic);
}

TEST(RtspPassword, KnowsWhenOnlyTheNonceIsTooOld) {
  EXPECT_TRUE(Best({"Digest realm=\"x\", nonce=\"1\", stale=TRUE"})->stale);
  EXPECT_FALSE(Best({"Digest realm=\"x\", nonce=\"1\", stale=FALSE"})->stale);
}

TEST(RtspPassword, DoesNotTakeWhatItCannotMeet) {
  EXPECT_FALSE(Best({}));
  EXPECT_FALSE(Best({"Digest realm=\"x\", nonce=\"1\", algorithm=SHA-512-256"}));
  EXPECT_FALSE(Best({"Digest realm=\"x\""})) << "no nonce";
  EXPECT_FALSE(Best({"Digest"}));
}

// The examples of RFC 7616 section 3.9.1, with its user, password and nonces.
TEST(RtspPassword, AnswersAsTheRfcDoes) {
  PasswordChallenge challenge{.kind = Kind::kMd5,
                              .realm = "http-auth@example.org",
                              .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                              .opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
                              .algorithm = "MD5",
                              .qop = true};
  const auto answer = [&] {
    return DigestAnswer(challenge, "GET", "/dir/index.html", "Mufasa", "Circle of Life",
                        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", 1);
  };

  EXPECT_NE(answer().find("response=\"8ca523f5e9506fed4657c9700eebdbec\""), std::string::npos);
  challenge.kind = Kind::kSha256;
  challenge.algorithm = "SHA-256";
  EXPECT_NE(answer().find(
                "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""),
            std::string::npos);
  EXPECT_NE(answer().find("nc=00000001"), std::string::npos);
}

TEST(RtspPassword, TheOlderFormHasNeitherCountNorAlgorithm) {
  const PasswordChallenge challenge{.kind = Kind::kMd5, .realm = "a \"b\"", .nonce = "n"};

  const std::string answer =
      DigestAnswer(challenge, "DESCRIBE", "rtsp://192.0.2.1/s", "u\"", "secret", "", 1);

  EXPECT_TRUE(answer.starts_with("Digest username=\"u\\\"\", realm=\"a \\\"b\\\"\", nonce=\"n\""));
  EXPECT_EQ(answer.find("algorithm"), std::string::npos);
  EXPECT_EQ(answer.find("nc="), std::string::npos);
  EXPECT_EQ(answer.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace ronin::camera
