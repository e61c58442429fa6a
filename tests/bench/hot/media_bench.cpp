// SPDX-License-Identifier: MIT
// Boxes of fragments, as they are written five times a second for each camera, and read back.
#include <benchmark/benchmark.h>
#include <string>

#include "fragment_writer.h"
#include "mp4/fragment_index.h"
#include "mp4/moof_view.h"
#include "storage/mp4_fragment.h"

namespace ronin::bench {
namespace {

constexpr uint32_t kFrame = 3600;  // of 90 kHz
constexpr int kFramesInFragment = 5;

ronin_plugin::Fragment OneFragment() {
  ronin_plugin::Fragment out;
  out.keyframe = true;
  out.video.decode_time = 1'000'000;
  for (uint32_t i = 0; i < kFramesInFragment; ++i) {
    out.video.samples.push_back({kFrame, 17'245 + i, 0});
  }
  out.producer_time = ronin_plugin::ProducerTime{1'790'000'000'000'000'000, 1'000'000};
  return out;
}

ronin_plugin::Bytes FragmentBytes() {
  ronin_plugin::Bytes out;
  ronin_plugin::WriteFragment(OneFragment(), out);
  return out;
}

void WriteFragmentBoxes(benchmark::State& state) {
  const ronin_plugin::Fragment fragment = OneFragment();
  ronin_plugin::Bytes out;
  for (auto _ : state) {
    out.clear();
    ronin_plugin::WriteFragment(fragment, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["bytes"] = double(out.size());
}

void ReadMoofToMoveIt(benchmark::State& state) {
  const auto bytes = FragmentBytes();
  if (!ronin_plugin::MoofView::Read(bytes.data(), bytes.size())) state.SkipWithError("unreadable");
  for (auto _ : state) {
    benchmark::DoNotOptimize(ronin_plugin::MoofView::Read(bytes.data(), bytes.size()));
  }
}

void ReadMoofToScan(benchmark::State& state) {
  const auto bytes = FragmentBytes();
  const auto view = ronin_plugin::MoofView::Read(bytes.data(), bytes.size());
  constexpr size_t kMdatHeader = 8;
  const size_t body = view->moof_at + 8;
  const std::string moof(bytes.begin() + ptrdiff_t(body), bytes.end() - ptrdiff_t(kMdatHeader));
  Mp4Header header;
  header.fragmented = true;
  header.video_track = 1;
  header.video_timescale = 90'000;
  if (!ReadMp4Fragment(moof, header)) state.SkipWithError("unreadable");
  for (auto _ : state) benchmark::DoNotOptimize(ReadMp4Fragment(moof, header));
}

/// Of 15 minutes: 4500 fragments, 900 of which begin with a keyframe.
void WriteIndexOfAFile(benchmark::State& state) {
  for (auto _ : state) {
    ronin_plugin::FragmentIndex index;
    for (uint64_t i = 0; i < 4500; ++i) {
      index.Add(1000 + i * 100'000, 32, 100'000, 1, i * kFramesInFragment * kFrame, i % 5 == 0);
    }
    benchmark::DoNotOptimize(index.Write());
  }
}

BENCHMARK(WriteFragmentBoxes);
BENCHMARK(ReadMoofToMoveIt);
BENCHMARK(ReadMoofToScan);
BENCHMARK(WriteIndexOfAFile)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ronin::bench
