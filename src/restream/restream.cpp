// SPDX-License-Identifier: MIT
#include "restream/restream.h"

#include <utility>

#include <gio/gio.h>

#include "base/main_thread.h"
#include "base/text.h"
#include "gst/element.h"

namespace ronin::restream {
namespace {

using namespace std::chrono_literals;

std::string PathOf(StreamId id) {
  return Concat("/cameras/", id.camera_id, '/', ToString(id.kind));
}

bool IsLoopback(const std::string& host) {
  GInetAddress* address = g_inet_address_new_from_string(host.c_str());
  if (address == nullptr) return false;
  const bool out = g_inet_address_get_is_loopback(address) != FALSE;
  g_object_unref(address);
  return out;
}

/// Why a stream has nothing to show; nothing: it has, or soon will.
std::optional<std::string> WhyAway(const camera::Camera& camera) {
  if (!camera.record().enabled) return "The camera is switched off.";
  if (camera.status() != camera::CameraStatus::kOffline) return std::nullopt;
  return camera.last_error() ? camera.last_error()->message : "The camera is away.";
}

}  // namespace

Restream::Restream(const Clock& clock, Options options, FindCamera find)
    : clock_(clock), options_(std::move(options)), find_(std::move(find)) {}

Restream::~Restream() = default;

Result<std::string> Restream::Start() {
  RONIN_ASSERT_MAIN_THREAD();
  const RtspServer::Options& wanted = options_.server;
  if (wanted.password.empty() && !IsLoopback(wanted.host)) {
    return Fail(ErrorKind::kInvalidArgument,
                "restream_listen: other machines could look at the cameras without a password; "
                "set restream_password, or listen on 127.0.0.1");
  }
  auto opened = RtspServer::Open(clock_, wanted);
  if (!opened) return Fail(opened.error());
  server_ = std::move(*opened);
  look_ = Source::Every(1s, [this] { Look(); });
  const bool v6 = wanted.host.find(':') != std::string::npos;
  return Concat("rtsp://", v6 ? "[" : "", wanted.host, v6 ? "]" : "", ':', server_->port());
}

Restream::Entry& Restream::Serve(StreamId id) {
  Entry& entry = entries_[id];
  if (!entry.feed) {
    const camera::MemoryShares shares = camera::SharesOf(options_.memory, id.kind);
    entry.feed = std::make_shared<Feed>(
        Feed::Limits{.gop = shares.restream_held, .viewer = shares.restream_held},
        [this, id, to_main = mailbox_.sender()] { to_main.Post([this, id] { Wanted(id); }); });
    if (server_) server_->Add(PathOf(id), entry.feed);
  }
  return entry;
}

void Restream::Drop(StreamId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  if (server_) server_->Remove(PathOf(id));
  found->second.feed->SetAway("The camera was removed.");
  found->second.feed->End();
  entries_.erase(found);
}

void Restream::CameraChanged(const camera::Camera& camera) {
  if (!server_) return;
  const int64_t id = camera.record().id;
  for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
    if (const camera::Camera* stream = find_({id, kind})) Update(*stream);
  }
}

void Restream::Update(const camera::Camera& camera) {
  if (camera.kind() == StreamKind::kSub && !camera.record().sub_url) {
    Drop(camera.id());
    return;
  }
  Serve(camera.id()).feed->SetAway(WhyAway(camera));
}

void Restream::Wanted(StreamId id) {
  const auto found = entries_.find(id);
  camera::Camera* camera = find_(id);
  if (found == entries_.end() || camera == nullptr) return;
  found->second.last_wanted = clock_.Mono();
  if (!found->second.taken) found->second.taken = camera->Take();
}

/// Lets go of streams that nobody looks at any more; finds sub streams that were added, and cameras
/// that were removed.
void Restream::Look() {
  const MonoTime now = clock_.Mono();
  std::vector<int64_t> cameras;
  for (auto& [id, entry] : entries_) {
    if (id.kind == StreamKind::kMain) cameras.push_back(id.camera_id);
    if (entry.feed->viewers() > 0) entry.last_wanted = now;
    if (entry.taken && now - entry.last_wanted > options_.linger) entry.taken.reset();
  }
  for (const int64_t id : cameras) {
    const camera::Camera* sub = find_({id, StreamKind::kSub});
    if (sub != nullptr) {
      Update(*sub);
    } else {
      Drop(id);
      Drop({id, StreamKind::kSub});
    }
  }
}

void Restream::OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) {
  if (!server_) return;
  Entry& entry = Serve(camera.id());
  entry.feed->Begin(stream.facts());
  entry.video = gst::PadProbe(gst::StaticPad(stream.video_tee(), "sink"), GST_PAD_PROBE_TYPE_BUFFER,
                              [feed = entry.feed](GstPad* pad, GstPadProbeInfo* info) {
                                feed->OnVideo(pad, GST_PAD_PROBE_INFO_BUFFER(info));
                                return GST_PAD_PROBE_OK;
                              });
  entry.audio = gst::PadProbe(gst::StaticPad(stream.audio_tee(), "sink"), GST_PAD_PROBE_TYPE_BUFFER,
                              [feed = entry.feed](GstPad* pad, GstPadProbeInfo* info) {
                                feed->OnAudio(pad, GST_PAD_PROBE_INFO_BUFFER(info));
                                return GST_PAD_PROBE_OK;
                              });
}

void Restream::OnStreamEnding(camera::Camera& camera, camera::Stream&, std::function<void()> done) {
  if (const auto found = entries_.find(camera.id()); found != entries_.end()) {
    found->second.video.Remove();
    found->second.audio.Remove();
    found->second.feed->End();
  }
  done();
}

}  // namespace ronin::restream
