// SPDX-License-Identifier: MIT
// ronin-fake-camera: numbered cameras as a program of its own, for the campaign in tests/faults.
// Prints "camera NUMBER URL" lines and "ready", then obeys the commands of src/demo/README.md, and
// "switch 1 1280x720" (another resolution from the next keyframe on).
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gst/gst.h>
#include <sys/prctl.h>

#include "base/log.h"
#include "base/text.h"
#include "demo/camera_server.h"
#include "demo/clip_maker.h"
#include "demo/commands.h"

namespace ronin::testing {
namespace {

constexpr int kMostCameras = 64;

struct Arguments {
  int count = 1;
  int port = 0;  // of the first; 0: free ones
  std::string cache;
  std::string log_folder;  // empty: no logs
  demo::ClipSpec clip = demo::NumberedClip();
  demo::CameraOptions camera;
};

/// What GOption wrote; strings are owned here.
struct Raw {
  std::array<gchar*, 9> text = {};
  gint64 rtp_timestamp = -1;
  gint rtp_sequence = -1;
  gboolean no_rtcp = FALSE;
  gboolean reordered = FALSE;
  ~Raw() {
    for (gchar* one : text) g_free(one);
  }
};

std::string TextOf(const gchar* text, const char* otherwise) {
  return text != nullptr ? text : otherwise;
}

bool ReadSize(const std::string& text, demo::ClipSpec* clip) {
  char rest = 0;
  return std::sscanf(text.c_str(), "%dx%d%c", &clip->width, &clip->height, &rest) == 2;
}

bool ReadCodecs(const std::string& video, const std::string& audio, demo::ClipSpec* clip) {
  using demo::AudioCodec;
  if (video != "h264" && video != "h265") return false;
  clip->video = video == "h264" ? demo::VideoCodec::kH264 : demo::VideoCodec::kH265;
  constexpr std::array kNames = {
      std::pair{"none", AudioCodec::kNone}, std::pair{"aac", AudioCodec::kAac},
      std::pair{"pcmu", AudioCodec::kPcmu}, std::pair{"pcma", AudioCodec::kPcma}};
  for (const auto& [name, codec] : kNames) {
    if (audio != name) continue;
    clip->audio = codec;
    return true;
  }
  return false;
}

bool Take(const Raw& raw, Arguments* out) {
  if (out->clip.gop_s < 1) return false;
  // A clip is whole GOPs.
  out->clip.seconds = (out->clip.seconds + out->clip.gop_s - 1) / out->clip.gop_s * out->clip.gop_s;
  out->cache = TextOf(raw.text[0], "");
  out->log_folder = TextOf(raw.text[1], "");
  out->clip.pattern = TextOf(raw.text[5], out->clip.pattern.c_str());
  out->camera.address = TextOf(raw.text[6], out->camera.address.c_str());
  out->camera.user = TextOf(raw.text[7], "");
  out->camera.password = TextOf(raw.text[8], "");
  if (raw.rtp_timestamp >= 0) out->camera.rtp_timestamp = uint32_t(raw.rtp_timestamp);
  if (raw.rtp_sequence >= 0) out->camera.rtp_sequence = uint16_t(raw.rtp_sequence);
  out->camera.rtcp = raw.no_rtcp == FALSE;
  out->clip.reordered = raw.reordered != FALSE;
  return !out->cache.empty() && out->count >= 1 && out->count <= kMostCameras && out->port >= 0 &&
         out->port + out->count < 65536 && ReadSize(TextOf(raw.text[2], "640x360"), &out->clip) &&
         ReadCodecs(TextOf(raw.text[3], "h264"), TextOf(raw.text[4], "none"), &out->clip);
}

bool Parse(int argc, char** argv, Arguments* out) {
  Raw raw;
  const auto text = [&raw](const char* name, size_t at, const char* what) {
    return GOptionEntry{name, 0, 0, G_OPTION_ARG_STRING, &raw.text[at], what, "VALUE"};
  };
  const auto number = [](const char* name, gint* where, const char* what) {
    return GOptionEntry{name, 0, 0, G_OPTION_ARG_INT, where, what, "N"};
  };
  const std::array<GOptionEntry, 19> entries = {{
      number("count", &out->count, "How many cameras, 1 to 64 (1)"),
      number("port", &out->port, "Port of the first; the others follow (0: any free)"),
      number("gop", &out->clip.gop_s, "Seconds between keyframes (1)"),
      number("fps", &out->clip.fps, "Pictures per second (25)"),
      number("kbit", &out->clip.kbit, "Bitrate, kbit/s (500)"),
      number("rtp-sequence", &raw.rtp_sequence, "RTP sequence number of the first packet"),
      text("cache", 0, "Folder for encoded clips"),
      text("log", 1, "Folder for what was delivered: NUMBER UTC_NS MONO_NS SENT_NS KEY PLAYERS"),
      text("size", 2, "WIDTHxHEIGHT (640x360)"),
      text("video", 3, "h264 or h265"),
      text("audio", 4, "none, aac, pcmu or pcma"),
      text("pattern", 5, "of videotestsrc (ball)"),
      text("address", 6, "Where to listen (127.0.0.1)"),
      text("user", 7, "Who may see it (anybody)"),
      text("password", 8, "The user's password"),
      {"rtp-timestamp", 0, 0, G_OPTION_ARG_INT64, &raw.rtp_timestamp, "RTP timestamp of picture 0",
       "N"},
      {"no-rtcp", 0, 0, G_OPTION_ARG_NONE, &raw.no_rtcp, "No sender reports", nullptr},
      {"reordered", 0, 0, G_OPTION_ARG_NONE, &raw.reordered, "B-frames", nullptr},
      {},
  }};
  GOptionContext* context = g_option_context_new("- numbered RTSP cameras");
  g_option_context_add_main_entries(context, entries.data(), nullptr);
  g_option_context_add_group(context, gst_init_get_option_group());
  GErrorPtr error;
  const bool parsed = g_option_context_parse(context, &argc, &argv, Out(error)) != FALSE;
  g_option_context_free(context);
  if (parsed && Take(raw, out)) return true;
  std::cerr << "ronin-fake-camera: "
            << (error ? error->message : "--cache is missing, or a value is out of its range")
            << '\n';
  return false;
}

/// A line for each picture, there at once, so that killing this program loses none.
void LogTo(const std::string& file, demo::SyntheticCamera& camera) {
  auto out = std::make_shared<std::ofstream>(file, std::ios::app);
  camera.sent().SetListener([out](const demo::SentFrame& frame) {
    *out << frame.number << ' ' << frame.utc_ns << ' ' << frame.mono_ns << ' ' << frame.sent_ns
         << ' ' << frame.keyframe << ' ' << frame.players << '\n'
         << std::flush;
  });
}

class Cameras {
 public:
  explicit Cameras(const Arguments& arguments)
      : arguments_(arguments), maker_(arguments.cache, [](const std::string& sentence) {
          std::fprintf(stderr, "%s\n", sentence.c_str());
        }) {}

  Status Open() {
    const auto clip = maker_.Make(arguments_.clip);
    if (!clip) return Fail(clip.error());
    for (int i = 0; i < arguments_.count; ++i) {
      demo::CameraOptions options = arguments_.camera;
      if (arguments_.port != 0) options.port = uint16_t(arguments_.port + i);
      const auto camera = server_.Add(*clip, options);
      if (!camera) return Fail(camera.error());
      cameras_.push_back(*camera);
      if (!arguments_.log_folder.empty()) {
        LogTo(Concat(arguments_.log_folder, "/camera-", i + 1, ".log"), **camera);
      }
      std::cout << "camera " << i + 1 << ' ' << (*camera)->url() << '\n';
    }
    std::cout << "ready\n" << std::flush;
    return {};
  }

  Result<std::string> Obey(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    std::string size;
    size_t number = 0;
    words >> verb >> number >> size;
    if (verb != "switch") return demo::RunCommand(line, cameras_);
    demo::ClipSpec spec = arguments_.clip;
    if (number < 1 || number > cameras_.size() || !ReadSize(size, &spec)) {
      return Fail(ErrorKind::kInvalidArgument, Concat("bad value: ", line));
    }
    auto clip = maker_.Make(spec);
    if (!clip) return Fail(clip.error());
    if (auto done = cameras_[number - 1]->SwitchClip(std::move(*clip)); !done) {
      return Fail(done.error());
    }
    return std::string();
  }

 private:
  const Arguments arguments_;
  const demo::ClipMaker maker_;
  demo::CameraServer server_;
  std::vector<demo::SyntheticCamera*> cameras_;  // server_'s
};

Status Run(const Arguments& arguments) {
  Cameras cameras(arguments);
  if (auto opened = cameras.Open(); !opened) return opened;
  // Each command is answered, so that the campaign knows when it was obeyed.
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = cameras.Obey(line);
    std::cout << (answer ? Concat("ok ", *answer) : Concat("error ", answer.error().Text())) << '\n'
              << std::flush;
  }
  return {};
}

}  // namespace
}  // namespace ronin::testing

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  ronin::testing::Arguments arguments;
  if (!ronin::testing::Parse(argc, argv, &arguments)) return 2;
  ronin::log::Install(ronin::log::Level::kWarning);
  if (const auto done = ronin::testing::Run(arguments); !done) {
    std::cerr << "ronin-fake-camera: " << done.error().Text() << '\n';
    return 1;
  }
  return 0;
}
