// SPDX-License-Identifier: MIT
// What requests of the web page cost on the main loop.
#include <benchmark/benchmark.h>
#include <string>
#include <vector>

#include "api/json_views.h"
#include "base/json.h"
#include "base/text.h"
#include "http/conditions.h"

namespace ronin::bench {
namespace {

std::vector<CameraRecord> Cameras() {
  std::vector<CameraRecord> out(64);
  for (size_t i = 0; i < out.size(); ++i) {
    out[i].id = int64_t(i) + 1;
    out[i].name = Concat("Entrance ", i + 1);
    out[i].group = "Warehouse";
    out[i].tags = {"door", "outside"};
    out[i].url = Concat("rtsp://10.0.0.", i + 1, ":554/stream1?token=abcdef");
    out[i].sub_url = Concat("rtsp://10.0.0.", i + 1, ":554/stream2?token=abcdef");
    out[i].username = "viewer";
  }
  return out;
}

/// The configured part of GET /api/cameras; what all of it takes over HTTP is measured with the
/// whole recorder.
void JsonOf64Cameras(benchmark::State& state) {
  const auto cameras = Cameras();
  size_t size = 0;
  for (auto _ : state) {
    JsonWriter json;
    json.Array();
    for (const CameraRecord& camera : cameras) {
      json.Object();
      api::WriteConfigured(json, camera);
      json.End();
    }
    json.End();
    size = json.Text().size();
  }
  state.counters["bytes"] = double(size);
}

void JsonOf100Recordings(benchmark::State& state) {
  Segment segment;
  segment.id = 123'456;
  segment.camera_id = 7;
  segment.rel_path = "Entrance 7/2026-11-28/13-15-00.mp4";
  segment.start = FromMicros(1'790'000'000'000'000);
  segment.end = FromMicros(1'790'000'900'000'000);
  segment.video = SegmentVideo{"h264", 1920, 1080};
  segment.size_bytes = 450'000'000;
  segment.frames = 22'500;
  segment.state = SegmentState::kComplete;
  for (auto _ : state) {
    JsonWriter json;
    json.Array();
    for (int i = 0; i < 100; ++i) api::WriteRecording(json, segment);
    json.End();
    benchmark::DoNotOptimize(json.Text());
  }
}

void ParseRange(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(http::ChooseRange("bytes=1048576-2097151", 450'000'000));
  }
}

BENCHMARK(JsonOf64Cameras)->Unit(benchmark::kMicrosecond);
BENCHMARK(JsonOf100Recordings)->Unit(benchmark::kMicrosecond);
BENCHMARK(ParseRange);

}  // namespace
}  // namespace ronin::bench

BENCHMARK_MAIN();
