// SPDX-License-Identifier: MIT
// `ronin-nvr pipeline URL` prints a line that people run; so it is run here.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>

#include <gio/gio.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "base/g_ref.h"
#include "storage/mp4_scan.h"
#include "support/fake_camera.h"
#include "support/frame_numbers.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::testing {
namespace {

using demo::AudioCodec;

struct Ended {
  int status = -1;
  std::string output;
};

/// Runs a shell command to its end.
Ended RunToEnd(const std::string& command) {
  Ended out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  while (const size_t count = fread(buffer, 1, sizeof buffer, pipe)) {
    out.output.append(buffer, count);
  }
  const int status = pclose(pipe);
  if (WIFEXITED(status)) out.status = WEXITSTATUS(status);
  return out;
}

std::string Program() { return std::string(std::getenv("RONIN_BUILD_ROOT")) + "/ronin-nvr"; }

using ProcessPtr = std::unique_ptr<GSubprocess, FreeWith<g_object_unref>>;

/// Runs the line in `dir` and presses Ctrl+C when there is `enough`. False when that never came.
/// How the program ends is not asked: where it takes long to, the camera hangs up on it first.
bool RecordUntil(const TempDir& dir, const std::string& line, const std::function<bool()>& enough) {
  std::ofstream(dir / "line.sh") << "cd '" << dir.path().string() << "' && exec " << line;
  const std::string script = dir / "line.sh";
  GErrorPtr error;
  const ProcessPtr process(g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE, Out(error), "sh",
                                            script.c_str(), nullptr));
  if (!process) return false;
  const bool came = PumpUntil(enough);
  g_subprocess_send_signal(process.get(), came ? SIGINT : SIGKILL);
  return g_subprocess_wait(process.get(), nullptr, Out(error)) != FALSE && came;
}

class LaunchLine : public ::testing::TestWithParam<AudioCodec> {};

TEST_P(LaunchLine, RecordsAFileThatPlays) {
  const FakeCamera camera({.clip = demo::NumberedClip(GetParam())});
  const TempDir dir;

  const auto [printed, line] = RunToEnd(Program() + " pipeline " + camera.url());
  ASSERT_EQ(printed, 0);
  ASSERT_TRUE(line.starts_with("gst-launch-1.0 ")) << line;
  EXPECT_TRUE(RecordUntil(dir, line, [&] {
    const auto scan = ScanMp4(dir / "clip-000.mp4");
    return scan && scan->frames > 25;
  })) << line;

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

  const auto [status, line] = RunToEnd(Program() + " pipeline '" + url + "' 2>&1");

  EXPECT_EQ(status, 0);
  EXPECT_NE(line.find("user-id='admin' user-pw='***'"), std::string::npos) << line;
  EXPECT_EQ(line.find("hunter2"), std::string::npos) << line;
}

TEST(LaunchLine, SaysWhyThereIsNone) {
  const auto [status, text] = RunToEnd(Program() + " pipeline rtsp://127.0.0.1:1/x 2>&1");

  EXPECT_EQ(status, 1);
  EXPECT_NE(text.find("cannot be reached"), std::string::npos) << text;
}

}  // namespace
}  // namespace ronin::testing
