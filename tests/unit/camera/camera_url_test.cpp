// SPDX-License-Identifier: MIT
#include "camera/camera_url.h"

#include <random>

#include <glib.h>
#include <gtest/gtest.h>

#include "base/g_ref.h"

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

TEST(CameraUrl, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "is missing"},
      {"192.0.2.10:554/s", "is not an address"},
      {"http://cam.example/s", "a web page"},
      {"HTTPS://cam.example/s", "a web page"},
      {"file:///etc/passwd", "must begin with rtsp"},
      {"rtspu://cam.example/s", "must begin with rtsp"},
      {"rtsp:///s", "no host"},
      {"rtsp://:554/s", "no host"},
      {"rtsp://user:pass@/s", "no host"},
      {"rtsp://cam.example:0/s", "between 1 and 65535"},
      {"rtsp://cam.example:65536/s", "between 1 and 65535"},
      {"rtsp://cam.example:99999999999999999999/s", "between 1 and 65535"},
      {"rtsp://cam.example:+1/s", "a number between"},
      {"rtsp://cam.example:5x4/s", "a number between"},
      {"rtsp://cam.example/a b", "spaces"},
      {"rtsp://cam.example/s\r\nX: y", "control characters"},
      {"rtsp://cam.example/s%0d%0aX", "control characters"},
      {"rtsp://a%00b@cam.example/s", "control characters"},
      {"rtsp://cam.example/\x7f", "control characters"},
      {"rtsp://cam.example/s#top", "write one as %23"},
      {"rtsp://cam.example/100%", "write a % itself as %25"},
      {"rtsp://cam.example/%zz", "write a % itself as %25"},
      {"rtsp://a%ff@cam.example/s", "UTF-8"},
      {"rtsp://cam.example/\xff", "UTF-8"},
      {"rtsp://admin:p/w@cam.example/s", "write / as %2F"},
      {"rtsp://[fe80::1%25eth0]/s", "network interface"},
      {"rtsp://[2001:db8::7/s", "without its ]"},
      {"rtsp://[2001:db8::g]/s", "not an IPv6 address"},
      {"rtsp://[192.0.2.1]/s", "not an IPv6 address"},
      {"rtsp://[2001:db8::7]x/s", "only a port"},
      {"rtsp://cam%2eexample/s", "must be a name"},
      {"rtsp://cam..example/s", "must be a name"},
      {"rtsp://cam;example/s", "must be a name"},
      {"rtsp://cam\\example/s", "must be a name"},
  };
  for (const auto& [text, part] : cases) {
    const auto url = ParseCameraUrl(text);

    ASSERT_FALSE(url) << text;
    EXPECT_NE(url.error().message.find(part), std::string::npos)
        << text << ": " << url.error().message;
    EXPECT_TRUE(url.error().message.ends_with('.')) << url.error().message;
  }
}

TEST(CameraUrl, TakesWhatCamerasAndPeopleWrite) {
  const std::pair<const char*, const char*> cases[] = {
      {"rtsp://cam.example", "rtsp://cam.example"},
      {"rtsp://cam.example?a=b", "rtsp://cam.example?a=b"},
      {"rtsp://cam.example:/s", "rtsp://cam.example/s"},
      {"rtsp://cam.example:00554/s", "rtsp://cam.example:554/s"},
      {"rtsp://cam_1.local./s", "rtsp://cam_1.local./s"},
      {"rtsp://c/user=a&password=&channel=1&stream=0.sdp?",
       "rtsp://c/user=a&password=&channel=1&stream=0.sdp?"},
      {"rtsp://c/cam/realmonitor?channel=1&subtype=0@x",
       "rtsp://c/cam/realmonitor?channel=1&subtype=0@x"},
      {"rtsp://c/{a}[b]|c;d=e,f", "rtsp://c/{a}[b]|c;d=e,f"},
      {"rtsp://c/h%C3%B6f/hof\u00fc", "rtsp://c/h%C3%B6f/hof%C3%BC"},
      {"rtsp://k\u00fcche.example/s", "rtsp://xn--kche-0ra.example/s"},
      {"rtsp://[::ffff:192.0.2.1]/s", "rtsp://[::ffff:192.0.2.1]/s"},
  };
  for (const auto& [text, expected] : cases) {
    const auto url = ParseCameraUrl(text);

    ASSERT_TRUE(url) << text << ": " << url.error().message;
    EXPECT_EQ(url->url, expected);
    EXPECT_EQ(url->username, "") << text;
  }
}

TEST(CameraUrl, ACarelessPasswordEndsAtTheLastAt) {
  const auto url = ParseCameraUrl("rtsp://admin:p@ss:word@cam.example/s@2");

  ASSERT_TRUE(url);
  EXPECT_EQ(url->username, "admin");
  EXPECT_EQ(url->password, "p@ss:word");
  EXPECT_EQ(url->url, "rtsp://cam.example/s@2");
}

TEST(CameraUrl, AnyUserAndPasswordComeBackAsTheyWere) {
  std::mt19937 random(4);  // NOLINT: the same ones each time
  const auto up_to = [&](unsigned limit) { return unsigned(random() % limit); };
  const auto text = [&] {
    std::string out;
    for (unsigned left = up_to(20); left > 0; --left) {
      // ASCII with all of :/@%?#[], Latin, Chinese, and beyond the first plane.
      const gunichar from[] = {0x20, 0xa1, 0x4e00, 0x1f600};
      const unsigned count[] = {0x5f, 0x100, 0x1000, 0x40};
      const unsigned kind = up_to(4);
      char bytes[6];
      out.append(bytes, g_unichar_to_utf8(from[kind] + up_to(count[kind]), bytes));
    }
    return out;
  };
  for (int round = 0; round < 2000; ++round) {
    const std::string user = "u" + text();
    const std::string password = text();
    const std::string path = "/" + std::to_string(up_to(1000)) + "?x=" + std::to_string(up_to(9));
    const std::string host = up_to(2) == 0 ? "[2001:db8::1]" : "cam.example";
    const unsigned port = 1 + up_to(65535);
    const GCharPtr escaped_user(g_uri_escape_string(user.c_str(), nullptr, up_to(2) == 0));
    const GCharPtr escaped(g_uri_escape_string(password.c_str(), nullptr, up_to(2) == 0));
    const std::string bare = "rtsp://" + host + ":" + std::to_string(port) + path;

    const auto url = ParseCameraUrl("rtsp://" + std::string(escaped_user.get()) + ":" +
                                    escaped.get() + "@" + bare.substr(7));

    ASSERT_TRUE(url) << user << " " << password << ": " << url.error().message;
    EXPECT_EQ(url->username, user);
    EXPECT_EQ(url->password, password);
    EXPECT_EQ(url->url, bare);
    EXPECT_EQ(url->port, port);
    EXPECT_EQ(ParseCameraUrl(url->url)->url, bare);
  }
}

TEST(CameraUrl, AnyBytesAreReadOrRefusedAndWhatIsReadStaysTheSame) {
  std::mt19937 random(5);  // NOLINT: the same ones each time
  constexpr std::string_view kPieces[] = {"rtsp://", "rtsps:", "//",  "@",   ":",    "[",    "]",
                                          "::1",     "%",      "%41", "%0a", "\xc3", "\xa9", "/",
                                          "?",       "#",      "a",   ".",   "554",  "\x01", " "};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = random() % 4 == 0 ? "" : "rtsp://";
    for (auto left = random() % 12; left > 0; --left) {
      text += kPieces[random() % std::size(kPieces)];
    }

    const auto url = ParseCameraUrl(text);

    if (!url) continue;
    const auto again = ParseCameraUrl(url->url);
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(again->url, url->url) << text;
    EXPECT_EQ(again->host, url->host) << text;
  }
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
