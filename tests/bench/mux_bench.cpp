// SPDX-License-Identifier: MIT
// What a recorded frame costs: our muxers and file sink against those of GStreamer, in one run.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/g_ref.h"

namespace ronin {
namespace {

constexpr int kFrames = 4000;
constexpr int kRounds = 5;
constexpr int kKeyInterval = 50;
constexpr GstClockTime kFrameTime = 40 * GST_MSECOND;
// 4 Mbit/s at 25 frames a second: 20,000 bytes on average, keyframes nine times the others.
constexpr gsize kKeySize = 155'000;
constexpr gsize kFrameSize = 17'245;

constexpr char kCaps[] =
    "video/x-h264,stream-format=avc,alignment=au,width=1920,height=1080,framerate=25/1,"
    "codec_data=(buffer)01640028ffe1000467640028010004"
    "68ee3cb0";

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The frames as memory that all runs share, one NAL unit each.
class Frames {
 public:
  Frames() : key_(Make(kKeySize, 0x65)), other_(Make(kFrameSize, 0x41)) {}
  ~Frames() {
    gst_memory_unref(key_);
    gst_memory_unref(other_);
  }
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  GstBuffer* Frame(int number) const {
    const bool key = number % kKeyInterval == 0;
    GstBuffer* out = gst_buffer_new();
    gst_buffer_append_memory(out, gst_memory_ref(key ? key_ : other_));
    GST_BUFFER_PTS(out) = GST_BUFFER_DTS(out) = GstClockTime(number) * kFrameTime;
    GST_BUFFER_DURATION(out) = kFrameTime;
    if (!key) GST_BUFFER_FLAG_SET(out, GST_BUFFER_FLAG_DELTA_UNIT);
    return out;
  }

 private:
  static GstMemory* Make(gsize size, unsigned char type) {
    GstMemory* out = gst_allocator_alloc(nullptr, size, nullptr);
    GstMapInfo map;
    if (gst_memory_map(out, &map, GST_MAP_WRITE) != FALSE) {
      std::fill_n(map.data, size, type);
      for (gsize i = 0; i < 4; ++i) map.data[i] = guint8((size - 4) >> (24 - 8 * i));
      gst_memory_unmap(out, &map);
    }
    GST_MINI_OBJECT_FLAG_SET(out, GST_MEMORY_FLAG_READONLY);
    return out;
  }

  GstMemory* key_;
  GstMemory* other_;
};

/// µs of CPU for each frame; below 0 when the pipeline failed.
double Measure(const Frames& frames, const std::string& line) {
  GErrorPtr error;

  const std::string source =
      std::string("appsrc name=src format=time max-bytes=0 caps=\"") + kCaps + "\" ! ";
  GstElement* pipeline = gst_parse_launch((source + line).c_str(), Out(error));
  if (pipeline == nullptr || error) return -1;
  GstElement* src = gst_bin_get_by_name(GST_BIN(pipeline), "src");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const double before = CpuSeconds();
  for (int i = 0; i < kFrames; ++i) gst_app_src_push_buffer(GST_APP_SRC(src), frames.Frame(i));
  gst_app_src_end_of_stream(GST_APP_SRC(src));
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(bus, 60 * GST_SECOND,
                                               GstMessageType(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  const double seconds = CpuSeconds() - before;
  const bool well = end != nullptr && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS;
  if (end != nullptr) gst_message_unref(end);
  gst_object_unref(bus);
  gst_object_unref(src);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return well ? seconds * 1e6 / kFrames : -1;
}

int Run() {
  const std::string file = "/dev/shm/ronin-mux-bench-" + std::to_string(getpid()) + ".mp4";
  const std::array<std::array<std::string, 2>, 3> lines = {
      {{"only the source", "fakesink"},
       {"ours",
        "mux.video_0 ronincmafmux name=mux ! roninfragmux ! roninfilesink location=" + file},
       {"GStreamer's",
        "mux.video_0 mp4mux name=mux fragment-duration=200 ! filesink location=" + file}}};
  const Frames frames;
  std::map<std::string, double> best;
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& [name, line] : lines) {
      const double cost = Measure(frames, line);
      const bool wrote = name == "only the source" || std::filesystem::exists(file);
      std::filesystem::remove(file);
      if (cost < 0 || !wrote) {
        std::fprintf(stderr, "%s does not run: %s\n", name.c_str(), line.c_str());
        return 1;
      }
      const auto [at, first] = best.try_emplace(name, cost);
      if (!first) at->second = std::min(at->second, cost);
    }
  }
  std::printf("CPU for each frame of 1080p, 4 Mbit/s, 25 frames a second; best of %d runs of %d\n",
              kRounds, kFrames);
  for (const auto& [name, line] : lines) {
    std::printf("%-16s %6.1f us   %s\n", name.c_str(), best[name], line.c_str());
  }
  const double source = best["only the source"];
  std::printf("without the source: ours is %.2f of GStreamer's\n",
              (best["ours"] - source) / (best["GStreamer's"] - source));
  return 0;
}

}  // namespace
}  // namespace ronin

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  return ronin::Run();
}
