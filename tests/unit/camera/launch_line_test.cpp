// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "camera/rtsp_pipeline.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(LaunchLine, CutsFilesAndFragmentsAsTheSettingsSay) {
  const std::string line =
      LaunchLine({.url = "rtsp://192.0.2.1/s"}, "H264", "", 60s, 200ms, "clip-%03d.mp4");

  EXPECT_TRUE(Contains(line, "ronincmafmux name=fragments fragment-duration=200000000")) << line;
  EXPECT_TRUE(Contains(line, "max-size-time=60000000000 ")) << line;
  EXPECT_FALSE(Contains(line, "media=audio")) << line;
}

TEST(LaunchLine, MasksThePassword) {
  const std::string line =
      LaunchLine({.url = "rtsp://192.0.2.1/s", .username = "admin", .password = "hunter2"}, "H265",
                 "PCMU", 60s, 200ms, "a.mp4");

  EXPECT_TRUE(Contains(line, "user-id='admin' user-pw='***'")) << line;
  EXPECT_FALSE(Contains(line, "hunter2")) << line;
}

TEST(LaunchLine, MasksSecretsInTheAddress) {
  const std::string line = LaunchLine({.url = "rtsp://192.0.2.1/s?channel=1&token=hunter2"}, "H264",
                                      "", 60s, 200ms, "a.mp4");

  EXPECT_TRUE(Contains(line, "location='rtsp://192.0.2.1/s?channel=1&token=***'")) << line;
}

}  // namespace
}  // namespace ronin::camera
