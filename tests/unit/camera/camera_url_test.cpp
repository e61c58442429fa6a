// SPDX-License-Identifier: MIT
#include "camera/camera_url.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

TEST(CameraUrl, MovesTheCredentialsOut) {
  const auto url = ParseCameraUrl("rtsp://admin:hunter2@192.0.2.10:8554/stream1?channel=1");

  ASSERT_TRUE(url);
  EXPECT_EQ(url->url, "rtsp://192.0.2.10:8554/stream1?channel=1");
  EXPECT_EQ(url->username, "admin");
  EXPECT_EQ(url->password, "hunter2");
  EXPECT_EQ(url->host, "192.0.2.10");
  EXPECT_EQ(url->port, 8554);
}

TEST(CameraUrl, DecodesTheCredentialsAndLeavesThePath) {
  const auto url = ParseCameraUrl("rtsp://a%40b:p%3A%2Fw@cam.example/a%20b");

  ASSERT_TRUE(url);
  EXPECT_EQ(url->username, "a@b");
  EXPECT_EQ(url->password, "p:/w");
  EXPECT_EQ(url->url, "rtsp://cam.example/a%20b");
}

TEST(CameraUrl, KnowsThePortsOfBothSchemes) {
  const auto plain = ParseCameraUrl("rtsp://cam.example/s");
  const auto secure = ParseCameraUrl("RTSPS://cam.example/s");

  ASSERT_TRUE(plain);
  ASSERT_TRUE(secure);
  EXPECT_EQ(plain->port, 554);
  EXPECT_EQ(secure->port, 322);
  EXPECT_EQ(secure->url, "rtsps://cam.example/s");
}

TEST(CameraUrl, KeepsTheBracketsOfIpv6InTheAddressOnly) {
  const auto url = ParseCameraUrl("rtsp://u:p@[2001:db8::7]:554/s");

  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "2001:db8::7");
  EXPECT_EQ(url->url, "rtsp://[2001:db8::7]:554/s");
}

TEST(CameraUrl, RefusesWhatIsNoCameraAddress) {
  for (const char* text :
       {"", "cam.example", "http://cam.example/s", "file:///etc/passwd", "rtsp:///s", "rtsp://",
        "rtsp://cam.example:0/s", "rtsp://cam.example:65536/s", "rtsp://cam.example/a b",
        "rtsp://cam.example/s\r\nX: y", "rtsp://[2001:db8::7/s"}) {
    const auto url = ParseCameraUrl(text);

    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseCameraUrl("rtsp://cam.example/" + std::string(2048, 'a')));
}

TEST(CameraUrl, KnowsThisMachineInEveryForm) {
  for (const char* host : {"127.0.0.1",     "127.255.255.254",
                           "localhost",     "LocalHost",
                           "localhost.",    "a.localhost",
                           "a.localhost.",  "::1",
                           "::1%lo",        "::",
                           "0.0.0.0",       "0",
                           "127.1",         "0x7f000001",
                           "0X7F.1",        "0177.0.0.1",
                           "2130706433",    "::ffff:127.0.0.1",
                           "::ffff:7f00:1", "::ffff:0.0.0.0"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
}

TEST(CameraUrl, OtherMachinesAreNotThisOne) {
  for (const char* host : {"192.0.2.10", "10.1", "3221225994", "2001:db8::7", "::ffff:192.0.2.10",
                           "fe80::1%eth0", "cam.example", "localhost.example", "mylocalhost"}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

TEST(CameraUrl, NamesOfHexDigitsAreNames) {
  for (const char* host : {"cafe", "face.feed", "face.bad", "dead.beef.", "x", "fax0"}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

}  // namespace
}  // namespace ronin::camera
