// SPDX-License-Identifier: MIT
#include "onvif/device_url.h"

#include <gtest/gtest.h>

namespace ronin::onvif {
namespace {

std::string Url(const char* text) {
  const auto url = ParseDeviceUrl(text);
  return url ? url->url : "bad";
}

TEST(DeviceUrl, TakesAddressesAndHosts) {
  EXPECT_EQ(Url("http://192.0.2.10/onvif/device_service"),
            "http://192.0.2.10/onvif/device_service");
  EXPECT_EQ(Url(" 192.0.2.10 "), "http://192.0.2.10/onvif/device_service");
  EXPECT_EQ(Url("cam.example:8080"), "http://cam.example:8080/onvif/device_service");
  EXPECT_EQ(Url("HTTPS://cam.example/"), "https://cam.example/onvif/device_service");
  EXPECT_EQ(Url("http://[fd00::1]:81/a?b=c"), "http://[fd00::1]:81/a?b=c");
  EXPECT_EQ(ParseDeviceUrl("https://cam.example")->port, 443);
  EXPECT_EQ(ParseDeviceUrl("http://[fd00::1]:81/a")->host, "fd00::1");
}

TEST(DeviceUrl, RefusesEverythingElse) {
  for (const char* text :
       {"", "rtsp://192.0.2.10/", "file:///etc/passwd", "http://", "http://a b/", "http://a\n/",
        "http://192.0.2.10:0/", "http://192.0.2.10:70000/", "http://admin:pw@192.0.2.10/",
        "admin@192.0.2.10", "ftp://192.0.2.10/", "http:///onvif"}) {
    EXPECT_EQ(Url(text), "bad") << text;
  }
  EXPECT_EQ(Url(("http://" + std::string(3000, 'a')).c_str()), "bad");
}

TEST(ServiceUrlAt, StaysAtTheHostThatWasAsked) {
  const DeviceUrl device = *ParseDeviceUrl("http://192.0.2.10:8080/onvif/device_service");

  EXPECT_EQ(ServiceUrlAt(device, "http://192.0.2.10:8080/onvif/media"),
            "http://192.0.2.10:8080/onvif/media");
  EXPECT_EQ(ServiceUrlAt(device, "http://192.0.2.10:81/onvif/media"),
            "http://192.0.2.10:81/onvif/media");
  // Another host, such as the one behind the router: its port means nothing here.
  EXPECT_EQ(ServiceUrlAt(device, "http://198.51.100.7:81/onvif/media?x=1"),
            "http://192.0.2.10:8080/onvif/media?x=1");
  EXPECT_EQ(ServiceUrlAt(device, "http://a:b@169.254.169.254/latest"),
            "http://192.0.2.10:8080/latest");
  EXPECT_EQ(ServiceUrlAt(device, "https://192.0.2.10/onvif/media"),
            "http://192.0.2.10:8080/onvif/media");
  EXPECT_EQ(ServiceUrlAt(device, "file:///etc/passwd"), std::nullopt);
  EXPECT_EQ(ServiceUrlAt(device, ""), std::nullopt);
}

TEST(StreamUrlAt, TakesCredentialsAndOtherHostsOut) {
  const DeviceUrl device = *ParseDeviceUrl("http://192.0.2.10/onvif/device_service");

  EXPECT_EQ(StreamUrlAt(device, " rtsp://admin:pw@10.0.0.1:8554/s/1?u=2&v=3#x "),
            "rtsp://192.0.2.10:8554/s/1?u=2&v=3");
  EXPECT_EQ(StreamUrlAt(device, "rtsps://192.0.2.10/s"), "rtsps://192.0.2.10/s");
  EXPECT_EQ(StreamUrlAt(device, "http://192.0.2.10/s"), std::nullopt);
  EXPECT_EQ(PictureUrlAt(device, "http://a:b@10.0.0.1/p.jpg"), "http://192.0.2.10/p.jpg");
  EXPECT_EQ(PictureUrlAt(device, "rtsp://10.0.0.1/p.jpg"), std::nullopt);
}

TEST(StreamKey, TellsTheStreamsOfADeviceApart) {
  EXPECT_EQ(StreamKey("rtsp://a/s?x=1"), StreamKey("rtsp://192.0.2.1:554/s?x=1"));
  EXPECT_NE(StreamKey("rtsp://a/s?x=1"), StreamKey("rtsp://a/s?x=2"));
  EXPECT_NE(StreamKey("rtsp://a/s"), StreamKey("rtsp://a:8554/s"));
  EXPECT_EQ(StreamKey(""), "");
}

}  // namespace
}  // namespace ronin::onvif
