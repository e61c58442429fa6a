// SPDX-License-Identifier: MIT
// ronin-fleet: up to 256 numbered cameras at little cost. Prints "camera NUMBER URL" lines, "clip
// KBIT_PER_SECOND" and "ready", then obeys the commands of fleet.h until standard input ends.
#include <cstdio>
#include <iostream>
#include <string>

#include <glib.h>
#include <gst/gst.h>

#include "base/g_ref.h"
#include "demo/clip_maker.h"
#include "fleet/fleet.h"

namespace ronin::bench {
namespace {

constexpr int kMostCameras = 256;

struct Arguments {
  int cameras = 1;
  int port = 0;
  std::string cache;
  demo::ClipSpec clip;
};

bool Parse(int argc, char** argv, Arguments* out) {
  out->clip = demo::NumberedClip();
  out->clip.pattern = "snow";
  gchar* cache = nullptr;
  gchar* size = nullptr;
  const GOptionEntry entries[] = {
      {"count", 0, 0, G_OPTION_ARG_INT, &out->cameras, "How many cameras, 1 to 256 (1)", "N"},
      {"port", 0, 0, G_OPTION_ARG_INT, &out->port, "Port of the first; the others follow", "N"},
      {"cache", 0, 0, G_OPTION_ARG_STRING, &cache, "Folder for encoded clips", "FOLDER"},
      {"size", 0, 0, G_OPTION_ARG_STRING, &size, "WIDTHxHEIGHT (640x360)", "SIZE"},
      {"kbit", 0, 0, G_OPTION_ARG_INT, &out->clip.kbit, "Bitrate, kbit/s (500)", "N"},
      {}};
  GOptionContext* context = g_option_context_new("- many numbered RTSP cameras");
  g_option_context_add_main_entries(context, entries, nullptr);
  GErrorPtr error;
  bool good = g_option_context_parse(context, &argc, &argv, Out(error)) != FALSE;
  g_option_context_free(context);
  char rest = 0;
  good = good && cache != nullptr && out->cameras >= 1 && out->cameras <= kMostCameras &&
         out->port > 0 && out->port + out->cameras < 65536 &&
         (size == nullptr ||
          std::sscanf(size, "%dx%d%c", &out->clip.width, &out->clip.height, &rest) == 2);
  if (cache != nullptr) out->cache = cache;
  g_free(cache);
  g_free(size);
  if (!good) {
    std::cerr << "ronin-fleet: "
              << (error ? error->message : "--cache or --port is missing, or a value is wrong")
              << '\n';
  }
  return good;
}

Status Run(const Arguments& arguments) {
  const demo::ClipMaker maker(arguments.cache);
  const auto clip = maker.Make(arguments.clip);
  if (!clip) return Fail(clip.error());
  auto packets = CutIntoPackets(**clip);
  if (!packets) return Fail(packets.error());
  const double kbit = packets->kbit_per_second();
  auto fleet = Fleet::Open(arguments.cameras, uint16_t(arguments.port), std::move(*packets));
  if (!fleet) return Fail(fleet.error());
  for (int i = 0; i < arguments.cameras; ++i) {
    std::cout << "camera " << i + 1 << " rtsp://127.0.0.1:" << arguments.port + i << "/stream\n";
  }
  std::cout << "clip " << kbit << "\nready\n" << std::flush;
  (*fleet)->Run();
  return {};
}

}  // namespace
}  // namespace ronin::bench

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  ronin::bench::Arguments arguments;
  if (!ronin::bench::Parse(argc, argv, &arguments)) return 2;
  if (const auto done = ronin::bench::Run(arguments); !done) {
    std::cerr << "ronin-fleet: " << done.error().Text() << '\n';
    return 1;
  }
  return 0;
}
