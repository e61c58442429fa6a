// SPDX-License-Identifier: MIT
// What the catalog is asked and told, with few and many rows. Times are those of the wall: writing
// waits for the disk.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "config/setting_store.h"
#include "hot/big_catalog.h"
#include "recording/timeline.h"

namespace ronin::bench {
namespace {

using namespace std::chrono_literals;

template <typename Value>
Value Must(Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().Text());
  return std::move(*result);
}

/// One at a time, since the largest takes a gigabyte.
BigCatalog& BigOf(int64_t segments) {
  static std::unique_ptr<BigCatalog> open;
  if (open == nullptr || open->segments() != segments) {
    open.reset();
    open = std::make_unique<BigCatalog>(segments);
  }
  return *open;
}

LedgerStore& EmptyLedger() {
  static const ConfigStores stores = [] {
    const std::filesystem::path folder =
        std::filesystem::path(std::getenv("RONIN_BUILD_ROOT")) / "bench-catalogs";
    std::filesystem::remove(folder / "config.db");
    return Must(OpenConfigStores(folder / "config.db"));
  }();
  return *stores.ledger;
}

recording::TimelineQuery DayOf(int64_t camera) {
  recording::TimelineQuery out;
  out.camera_id = camera;
  out.window = {kBigEnd - 24h, kBigEnd};
  out.now = kBigEnd;
  out.created = kBigEnd - 24h * 365;
  return out;
}

void Totals(benchmark::State& state) {
  BigCatalog& catalog = BigOf(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Must(catalog->Totals()));
}

void DayOfOneCamera(benchmark::State& state) {
  BigCatalog& catalog = BigOf(state.range(0));
  LedgerStore& ledger = EmptyLedger();  // opens a database
  for (auto _ : state) {
    benchmark::DoNotOptimize(Must(recording::ReadCoverage(*catalog, ledger, DayOf(7))));
  }
}

void DayOfAllCameras(benchmark::State& state) {
  BigCatalog& catalog = BigOf(state.range(0));
  LedgerStore& ledger = EmptyLedger();
  for (auto _ : state) {
    for (int camera = 1; camera <= kBigCameras; ++camera) {
      benchmark::DoNotOptimize(Must(recording::ReadCoverage(*catalog, ledger, DayOf(camera))));
    }
  }
}

void ListPage(benchmark::State& state) {
  BigCatalog& catalog = BigOf(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Must(catalog->List({.limit = 100})));
}

void ListPageOfOneDay(benchmark::State& state) {
  BigCatalog& catalog = BigOf(state.range(0));
  const SegmentQuery query{.camera_ids = {7}, .start = kBigEnd - 24h, .end = kBigEnd, .limit = 100};
  for (auto _ : state) benchmark::DoNotOptimize(Must(catalog->List(query)));
}

void ListPageOfOneDayOfAll(benchmark::State& state) {
  BigCatalog& catalog = BigOf(state.range(0));
  const SegmentQuery query{.start = kBigEnd - 24h, .end = kBigEnd, .limit = 100};
  for (auto _ : state) benchmark::DoNotOptimize(Must(catalog->List(query)));
}

/// Both are on the disk when they return.
void BeginAndFinish(benchmark::State& state) {
  BigCatalog& catalog = BigOf(state.range(0));
  const int64_t volume = Must(catalog->EnsureVolume("/srv/big"));
  SegmentStart start{.camera_id = 7, .volume_id = volume, .start = kBigEnd + 1h};
  start.video = SegmentVideo{"h264", 1920, 1080};
  static int number = 0;
  for (auto _ : state) {
    start.rel_path = Concat("new/", number++, ".mp4");
    start.start += kBigSegment;
    const int64_t id = Must(catalog->BeginSegment(start));
    const auto done = catalog->FinishSegment(id, start.start + kBigSegment, 450'000'000, 22'500,
                                             SegmentState::kComplete);
    if (!done) throw std::runtime_error(done.error().Text());
  }
}

void Sizes(benchmark::internal::Benchmark* one) {
  one->Unit(benchmark::kMicrosecond)->UseRealTime();
  one->Arg(10'000)->Arg(100'000);
  if (std::getenv("RONIN_BENCH_QUICK") == nullptr) one->Arg(2'200'000);
}

BENCHMARK(Totals)->Apply(Sizes);
BENCHMARK(DayOfOneCamera)->Apply(Sizes);
BENCHMARK(DayOfAllCameras)->Apply(Sizes);
BENCHMARK(ListPage)->Apply(Sizes);
BENCHMARK(ListPageOfOneDay)->Apply(Sizes);
BENCHMARK(ListPageOfOneDayOfAll)->Apply(Sizes);
BENCHMARK(BeginAndFinish)->Apply(Sizes);

}  // namespace
}  // namespace ronin::bench
