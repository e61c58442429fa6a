// SPDX-License-Identifier: MIT
#include "live/hls_streams.h"

#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMostHeld = 2;  // live views of one camera that do not end

Error NotNow(std::string sentence) {
  return {.kind = ErrorKind::kUnavailable, .message = std::move(sentence)};
}

Error WhyGone(const camera::Camera& camera) {
  return NotNow(camera.last_error() ? camera.last_error()->message : "The camera is switched off.");
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

void HlsStreams::RequestPlaylist(camera::Camera& camera, const HlsPlaylistAsk& ask,
                                 PlaylistReply reply, Gone gone) {
  RONIN_ASSERT_MAIN_THREAD();
  const StreamId id = camera.id();
  Entry& entry = entries_.try_emplace(id, clock_).first->second;
  entry.last_request = clock_.Mono();
  if (!entry.window) {
    entry.window = std::make_shared<HlsWindow>(camera::SharesOf(options_.memory, id.kind).live_kept,
                                               id.kind == StreamKind::kMain ? "" : "?stream=sub");
    entry.taken = camera.Take();
  }
  if (camera.stream() == nullptr && camera.status() != camera::CameraStatus::kConnecting) {
    reply(Fail(WhyGone(camera)));
    return;
  }
  if (!entry.branch && reaper_.Held(NameOf(camera)) >= kMostHeld) {
    reply(Fail(NotNow(
        "The last live views of this camera have not ended; if this stays, start the recorder "
        "anew.")));
    return;
  }
  if (camera.stream() != nullptr && !entry.branch) Attach(camera, entry);
  const bool begins = entry.window->newest() == 0;
  const std::chrono::milliseconds patience =
      begins ? options_.start_timeout : 3 * entry.window->target();  // RFC 8216bis, 6.2.5.2
  entry.waiters.ServeOrKeep(
      {.serve = [this, id, ask, reply] { return TryPlaylist(id, ask, reply); },
       .fail = [reply](const Error& error) { reply(Fail(error)); },
       .gone = std::move(gone),
       .limit = clock_.Mono() + patience});
}

bool HlsStreams::TryPlaylist(StreamId id, const HlsPlaylistAsk& ask,
                             const PlaylistReply& reply) const {
  const HlsWindow& window = *entries_.at(id).window;
  const int64_t newest = window.newest();
  const int64_t wanted = ask.segment.value_or(1);
  if (newest > 0 && wanted > newest + 2) {
    reply(Fail(ErrorKind::kInvalidArgument,
               "That is too far ahead of the newest segment; read the playlist again."));
    return true;
  }
  if (newest == 0 || wanted > newest) return false;
  reply(window.Playlist(ask.may_block));
  return true;
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
  const camera::CameraStatus status = camera.status();
  if (status == camera::CameraStatus::kOffline || status == camera::CameraStatus::kDisabled) {
    entry.waiters.FailAll(WhyGone(camera));
    return;
  }
  if (!entry.waiters.empty() && !entry.branch && camera.stream() != nullptr) Attach(camera, entry);
}

void HlsStreams::News(StreamId id) {
  const auto found = entries_.find(id);
  if (found != entries_.end()) found->second.waiters.ServeAll();
}

GRef<GBytes> HlsStreams::Segment(StreamId id, int64_t sequence) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? GRef<GBytes>() : found->second.window->Segment(sequence);
}

void HlsStreams::DropIdle() {
  const MonoTime now = clock_.Mono();
  std::erase_if(entries_, [&](const auto& item) {
    return item.second.waiters.empty() && now - item.second.last_request > options_.idle_timeout;
  });
}

void HlsStreams::Forget(int64_t camera_id) {
  for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
    const auto found = entries_.find({camera_id, kind});
    if (found == entries_.end()) continue;
    found->second.waiters.FailAll(NotNow("The camera was removed."));
    entries_.erase(found);
  }
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
