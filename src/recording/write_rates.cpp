// SPDX-License-Identifier: MIT
#include "recording/write_rates.h"

#include <cmath>

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kMeasureEvery = 10s;

template <typename Key>
int64_t BitsPerSecond(const std::map<Key, RateMeter>& meters, const Key& key) {
  const auto found = meters.find(key);
  return found == meters.end() ? 0 : std::llround(found->second.PerSecond() * 8);
}

}  // namespace

WriteRates::WriteRates(const Context& context) : context_(context) {
  Look();
  timer_ = Source::Every(kMeasureEvery, [this] { Look(); });
}

int64_t WriteRates::OfCamera(int64_t camera_id) const {
  return OfStream({camera_id, StreamKind::kMain}) + OfStream({camera_id, StreamKind::kSub});
}

int64_t WriteRates::OfStream(StreamId id) const { return BitsPerSecond(streams_, id); }

int64_t WriteRates::OfVolume(const VolumeGate& gate) const {
  return BitsPerSecond(volumes_, gate.root());
}

/// A recorder that was made anew counts from 0 again.
uint64_t WriteRates::Grown(StreamId id, const CameraRecorder& recorder) {
  const uint64_t now = recorder.totals().bytes;
  uint64_t& before = totals_[id];
  const uint64_t grown = now >= before ? now - before : now;
  before = now;
  return grown;
}

void WriteRates::Look() {
  const MonoTime now = context_.clock.Mono();
  std::map<std::string, uint64_t> of_volumes;
  for (const auto& gate : context_.volumes.all()) of_volumes[gate->root()] = 0;
  for (const camera::Camera* camera : context_.cameras.All()) {
    for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
      const StreamId id(camera->record().id, kind);
      const CameraRecorder* recorder = context_.recorders.Find(id);
      const uint64_t grown = recorder != nullptr ? Grown(id, *recorder) : 0;
      streams_[id].Add(grown, now);
      if (recorder == nullptr) continue;
      const auto file = recorder->current_file();
      const VolumeGate* gate = file ? context_.volumes.Holding(file->path) : nullptr;
      if (gate != nullptr) of_volumes[gate->root()] += grown;
    }
  }
  for (const auto& [folder, grown] : of_volumes) volumes_[folder].Add(grown, now);
  std::erase_if(volumes_, [&](const auto& one) { return !of_volumes.contains(one.first); });
  const auto gone = [this](int64_t id) { return context_.cameras.Find(id) == nullptr; };
  std::erase_if(streams_, [&](const auto& one) { return gone(one.first.camera_id); });
  std::erase_if(totals_, [&](const auto& one) { return gone(one.first.camera_id); });
}

}  // namespace ronin::recording
