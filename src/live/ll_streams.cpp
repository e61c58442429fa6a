// SPDX-License-Identifier: MIT
#include "live/ll_streams.h"

#include <algorithm>

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

/// So that numbers rise over a restart, although segments may be as short as a quarter of a second
/// (but for a stream that had begun less than a second before: it begins with segments of the
/// past); players take them for 32 bits, which these reach in 2042.
int64_t FirstNumber(WallTime now) {
  constexpr std::chrono::seconds kSince2025{1'735'689'600};
  constexpr std::chrono::milliseconds kShortestSegment{250};
  return std::max<int64_t>((now.time_since_epoch() - kSince2025) / kShortestSegment, 1);
}

LlWindow::Options WindowOf(const camera::Camera& camera, uint64_t memory, WallTime now) {
  LlWindow::Options out{.memory = camera::SharesOf(memory, camera.kind()).low_latency,
                        .query = camera.kind() == StreamKind::kMain ? "" : "?stream=sub",
                        .first_number = FirstNumber(now)};
  if (camera.stream() == nullptr) return out;
  const double gop_s = camera.facts()->meter.Read().keyframe_interval_s;
  if (gop_s > 0) out.gop = Nanos(int64_t(gop_s * 1e9));
  return out;
}

}  // namespace

LlStreams::LlStreams(const Clock& clock, LiveHub& hub, Options options)
    : clock_(clock),
      hub_(hub),
      options_(options),
      sweep_(Source::Every(1s, [this] { DropIdle(); })) {}

LlStream& LlStreams::Start(camera::Camera& camera) {
  std::unique_ptr<LlStream>& stream = streams_[camera.id()];
  if (!stream) {
    stream = std::make_unique<LlStream>(clock_, WindowOf(camera, options_.memory, clock_.Now()),
                                        options_.start_timeout);
    stream->Follow(hub_.Subscribe(camera, *stream));
  }
  return *stream;
}

LlStream* LlStreams::Find(StreamId id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second.get();
}

void LlStreams::Forget(int64_t camera_id) {
  streams_.erase(StreamId(camera_id));
  streams_.erase({camera_id, StreamKind::kSub});
}

void LlStreams::DropIdle() {
  const MonoTime now = clock_.Mono();
  std::erase_if(streams_, [&](const auto& item) {
    const LlStream& stream = *item.second;
    return !stream.waited_for() && now - stream.last_request() > options_.idle_timeout;
  });
}

}  // namespace ronin::live
