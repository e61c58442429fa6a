// SPDX-License-Identifier: MIT
// ronin-demo-cameras: see README.md.
#include <array>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include <gst/gst.h>
#include <sys/prctl.h>

#include "base/log.h"
#include "base/text.h"
#include "demo/camera_server.h"
#include "demo/commands.h"
#include "demo/demo_cameras.h"

namespace ronin::demo {
namespace {

struct Arguments {
  int count = 4;
  bool numbered = false;
  std::string cache;
  ClipSpec clip = NumberedClip();  // of numbered cameras
};

/// "1920x1080"
bool ReadSize(const char* text, ClipSpec* clip) {
  int width = 0;
  int height = 0;
  char rest = 0;
  if (std::sscanf(text, "%dx%d%c", &width, &height, &rest) != 2) return false;
  const auto good = [](int pixels) { return pixels >= 64 && pixels <= 8192 && pixels % 2 == 0; };
  clip->width = width;
  clip->height = height;
  return good(width) && good(height);
}

/// False when the program is to end with `*exit_code`.
bool Parse(int argc, char** argv, Arguments* out, int* exit_code) {
  gboolean numbered = FALSE;
  GCharPtr cache;
  gchar* raw_cache = nullptr;
  gchar* raw_size = nullptr;
  gchar* raw_pattern = nullptr;
  const std::array<GOptionEntry, 7> entries = {{
      {"count", 'n', 0, G_OPTION_ARG_INT, &out->count,
       "How many cameras, 1 to 5 (4), or 64 numbered ones", "N"},
      {"cache", 'c', 0, G_OPTION_ARG_FILENAME, &raw_cache, "Folder for encoded clips", "DIR"},
      {"numbered", 0, 0, G_OPTION_ARG_NONE, &numbered, "Bar-coded pictures, for tests", nullptr},
      {"size", 0, 0, G_OPTION_ARG_STRING, &raw_size, "Pixels of numbered cameras (640x360)", "WxH"},
      {"pattern", 0, 0, G_OPTION_ARG_STRING, &raw_pattern,
       "Their picture, of videotestsrc (ball; snow really needs the bitrate)", "NAME"},
      {"kbit", 0, 0, G_OPTION_ARG_INT, &out->clip.kbit, "Their video, kbit/s (800)", "N"},
      {},
  }};
  GOptionContext* context = g_option_context_new("- synthetic RTSP cameras on 127.0.0.1");
  g_option_context_add_main_entries(context, entries.data(), nullptr);
  g_option_context_add_group(context, gst_init_get_option_group());
  GErrorPtr error;
  const bool parsed = g_option_context_parse(context, &argc, &argv, Out(error)) != FALSE;
  g_option_context_free(context);
  cache.reset(raw_cache);
  const GCharPtr size(raw_size);
  const GCharPtr pattern(raw_pattern);
  if (pattern) out->clip.pattern = pattern.get();
  out->numbered = numbered != FALSE;
  const GCharPtr standard(g_build_filename(g_get_user_cache_dir(), "ronin-nvr", "demo", nullptr));
  out->cache = cache ? cache.get() : standard.get();
  *exit_code = 2;
  const int most = out->numbered ? kMostNumberedCameras : kMostDemoCameras;
  const bool good = out->count >= 1 && out->count <= most && out->clip.kbit >= 50 &&
                    (!size || ReadSize(size.get(), &out->clip));
  if (parsed && good) return true;
  std::cerr << "ronin-demo-cameras: "
            << (error ? error->message : "a value is out of its range; see --help") << '\n';
  return false;
}

/// Runs the lines of standard input until it ends.
void ObeyInput(const std::vector<SyntheticCamera*>& cameras) {
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = RunCommand(line, cameras);
    if (!answer) std::cerr << "ronin-demo-cameras: " << answer.error().Text() << '\n';
    if (answer && !answer->empty()) std::cout << *answer << '\n' << std::flush;
  }
}

Status Run(const Arguments& arguments) {
  const ClipMaker maker(arguments.cache, [](const std::string& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());  // one write per line: two threads
  });
  const auto clips =
      MakeAll(maker, arguments.numbered ? NumberedClips(arguments.count, arguments.clip)
                                        : DemoClips(arguments.count));
  if (!clips) return Fail(clips.error());

  CameraServer server;
  std::vector<SyntheticCamera*> cameras;
  for (const ClipRef& clip : *clips) {
    const auto camera = server.Add(clip);
    if (!camera) return Fail(camera.error());
    cameras.push_back(*camera);
    const std::string name =
        arguments.numbered ? Concat("Numbered ", cameras.size()) : clip->spec.name;
    std::cout << "camera " << name << ' ' << (*camera)->url() << '\n';
  }
  std::cout << "ready\n" << std::flush;
  ObeyInput(cameras);
  return {};
}

}  // namespace
}  // namespace ronin::demo

int main(int argc, char** argv) {
  // Not even a killed daemon leaves its cameras behind; SIGTERM ends the program at once.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  ronin::demo::Arguments arguments;
  int exit_code = 0;
  if (!ronin::demo::Parse(argc, argv, &arguments, &exit_code)) return exit_code;
  ronin::log::Install(ronin::log::Level::kWarning);
  if (const auto done = ronin::demo::Run(arguments); !done) {
    std::cerr << "ronin-demo-cameras: " << done.error().Text() << '\n';
    return 1;
  }
  return 0;
}
