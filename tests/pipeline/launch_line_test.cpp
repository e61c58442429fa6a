// SPDX-License-Identifier: MIT
// `ronin-nvr pipeline URL` prints a line that people run; so it is run here.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/temp_dir.h"

namespace ronin::testing {
namespace {

using demo::AudioCodec;

std::string OutputOf(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  while (const size_t count = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, count);
  pclose(pipe);
  return out;
}

std::string Program() { return std::string(std::getenv("RONIN_BUILD_ROOT")) + "/ronin-nvr"; }

class LaunchLine : public ::testing::TestWithParam<AudioCodec> {};

TEST_P(LaunchLine, RecordsAFileThatPlays) {
  const FakeCamera camera({.clip = demo::NumberedClip(GetParam())});
  const TempDir dir;

  const std::string line = OutputOf(Program() + " pipeline " + camera.url());
  ASSERT_TRUE(line.starts_with("gst-launch-1.0 ")) << line;
  // A recording ends when somebody presses Ctrl+C; five seconds are enough to have one.
  std::ofstream(dir / "line.sh") << "exec " << line;
  OutputOf("cd '" + dir.path().string() + "' && timeout -s INT 5 sh line.sh 2>&1");

  const auto frames = ReadFrameNumbers(dir / "clip-000.mp4");
  ASSERT_TRUE(frames) << frames.error().Text() << "\n" << line;
  EXPECT_GT(frames->size(), 25U);
  EXPECT_TRUE(FfprobeIsSilent(dir / "clip-000.mp4"));
}

INSTANTIATE_TEST_SUITE_P(Pipeline, LaunchLine,
                         ::testing::Values(AudioCodec::kNone, AudioCodec::kAac, AudioCodec::kPcma));

TEST(LaunchLine, NeverShowsThePassword) {
  FakeCamera camera({.camera = {.user = "admin", .password = "hunter2"}});
  std::string url = camera.url();
  url.insert(url.find("://") + 3, "admin:hunter2@");

  const std::string line = OutputOf(Program() + " pipeline '" + url + "' 2>&1");

  EXPECT_NE(line.find("user-id='admin' user-pw='***'"), std::string::npos) << line;
  EXPECT_EQ(line.find("hunter2"), std::string::npos) << line;
}

TEST(LaunchLine, SaysWhyThereIsNone) {
  const std::string text = OutputOf(Program() + " pipeline rtsp://127.0.0.1:1/x 2>&1");

  EXPECT_NE(text.find("cannot be reached"), std::string::npos) << text;
}

}  // namespace
}  // namespace ronin::testing
