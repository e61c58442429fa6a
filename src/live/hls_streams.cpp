// SPDX-License-Identifier: MIT
#include "live/hls_streams.h"

#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMaxWaiting = 64;  // requests for one camera that is just starting
constexpr size_t kMostHeld = 2;     // live views of one camera that do not end

tl::unexpected<Error> Away(std::string sentence) {
  return Fail(ErrorKind::kUnavailable, std::move(sentence));
}

/// For the reaper and the log.
std::string NameOf(const camera::Camera& camera) {
  return Concat("the live view of camera ", camera.name());
}

}  // namespace

HlsStreams::HlsStreams(const Clock& clock, gst::Reaper& reaper, Options options)
    : clock_(clock),
      reaper_(reaper),
      options_(options),
      sweep_(Source::Every(1s, [this] { DropIdle(); })) {}

HlsStreams::~HlsStreams() = default;

void HlsStreams::RequestPlaylist(camera::Camera& camera, PlaylistReply reply) {
  RONIN_ASSERT_MAIN_THREAD();
  const StreamId id = camera.id();
  Entry& entry = entries_[id];
  entry.last_request = clock_.Mono();
  if (!entry.window) {
    entry.window = std::make_shared<HlsWindow>(camera::SharesOf(options_.memory, id.kind).live_kept,
                                               id.kind == StreamKind::kMain ? "" : "?stream=sub");
    entry.taken = camera.Take();
  }
  if (camera.stream() == nullptr && camera.status() != camera::CameraStatus::kConnecting) {
    reply(Away(camera.last_error() ? camera.last_error()->message : "The camera is switched off."));
    return;
  }
  if (!entry.branch && reaper_.Held(NameOf(camera)) >= kMostHeld) {
    reply(
        Away("The last live views of this camera have not ended; if this stays, start the recorder "
             "anew."));
    return;
  }
  if (camera.stream() != nullptr && !entry.branch) Attach(camera, entry);
  if (std::string playlist = entry.window->Playlist(); !playlist.empty()) {
    reply(std::move(playlist));
    return;
  }
  if (entry.waiting.size() >= kMaxWaiting) {
    reply(Away("Too many viewers wait for this camera; try again."));
    return;
  }
  entry.waiting.push_back(std::move(reply));
  if (!entry.give_up.active()) {
    entry.give_up = Source::After(options_.start_timeout, [this, id] { GiveUp(id); });
  }
}

void HlsStreams::Attach(const camera::Camera& camera, Entry& entry) {
  camera::Stream& stream = *camera.stream();
  // Before the first frame it is not known what to attach.
  if (stream.facts()->last_video_us == 0) return;
  const std::string name = NameOf(camera);
  if (reaper_.Held(name) >= kMostHeld) return;
  auto branch = HlsBranch::Attach(
      stream, entry.window, [this, id = camera.id()] { News(id); }, reaper_, name,
      camera::SharesOf(options_.memory, camera.kind()));
  if (!branch) {
    log::Warning("live", Concat(name, " cannot start: ", branch.error().Text()));
    return;
  }
  entry.branch = std::move(*branch);
}

void HlsStreams::CameraChanged(const camera::Camera& camera) {
  const auto found = entries_.find(camera.id());
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (!entry.waiting.empty() && !entry.branch && camera.stream() != nullptr) Attach(camera, entry);
}

void HlsStreams::News(StreamId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  found->second.give_up.Cancel();
  const std::string playlist = found->second.window->Playlist();
  for (const auto& reply : std::exchange(found->second.waiting, {})) reply(playlist);
}

void HlsStreams::GiveUp(StreamId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  for (const auto& reply : std::exchange(found->second.waiting, {})) {
    reply(Away("The picture is being prepared; try again in a moment."));
  }
}

GRef<GBytes> HlsStreams::Segment(StreamId id, int64_t sequence) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? GRef<GBytes>() : found->second.window->Segment(sequence);
}

void HlsStreams::DropIdle() {
  const MonoTime now = clock_.Mono();
  std::erase_if(entries_, [&](const auto& item) {
    return item.second.waiting.empty() && now - item.second.last_request > options_.idle_timeout;
  });
}

void HlsStreams::Forget(int64_t camera_id) {
  entries_.erase(camera_id);
  entries_.erase({camera_id, StreamKind::kSub});
}

void HlsStreams::OnStreamBuilt(camera::Camera&, camera::Stream&) {
  // Who still looks asks for the playlist again within a second, and that attaches the branch.
}

void HlsStreams::OnStreamEnding(camera::Camera& camera, camera::Stream&,
                                std::function<void()> done) {
  const auto found = entries_.find(camera.id());
  if (found != entries_.end()) found->second.branch.reset();
  done();
}

}  // namespace ronin::live
