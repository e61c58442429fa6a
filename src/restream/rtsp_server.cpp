// SPDX-License-Identifier: MIT
#include "restream/rtsp_server.h"

#include <utility>

#include "base/text.h"
#include "restream/media_factory.h"

namespace ronin::restream {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstPicture = 8s;  // ffmpeg and its like wait 10 s and more
constexpr auto kLastWords = 1000ms;
constexpr guint kLookSeconds = 1;
constexpr int kBacklog = 64;
constexpr guint kLongestBody = 16 * 1024;

void EndSource(GSource*& source) {
  if (source == nullptr) return;
  g_source_destroy(source);
  g_source_unref(std::exchange(source, nullptr));
}

}  // namespace

std::shared_ptr<Feed> RtspServer::State::Find(const std::string& path) const {
  const std::lock_guard lock(mutex);
  // SETUP names a track of the stream: /cameras/1/main/stream=0.
  for (std::string rest = path; !rest.empty(); rest.resize(rest.rfind('/'))) {
    if (const auto found = feeds.find(rest); found != feeds.end()) return found->second;
    if (rest.find('/') == std::string::npos) break;
  }
  return nullptr;
}

Result<std::unique_ptr<RtspServer>> RtspServer::Open(const Clock& clock, Options options) {
  std::unique_ptr<RtspServer> out(new RtspServer(clock, options));
  if (auto listening = out->Listen(options); !listening) return Fail(listening.error());
  return out;
}

RtspServer::RtspServer(const Clock& clock, const Options& options)
    : state_(std::make_shared<State>(clock, options.limits)),
      server_(Adopt(gst_rtsp_server_new())) {
  gst_rtsp_server_set_address(server_.Get(), options.host.c_str());
  gst_rtsp_server_set_service(server_.Get(), std::to_string(options.port).c_str());
  gst_rtsp_server_set_backlog(server_.Get(), kBacklog);
  // Memory for the body is taken when its length is said, by anybody who connects.
  gst_rtsp_server_set_content_length_limit(server_.Get(), kLongestBody);
  const GRef<GstRTSPThreadPool> threads = Adopt(gst_rtsp_server_get_thread_pool(server_.Get()));
  gst_rtsp_thread_pool_set_max_threads(threads.Get(), -1);
  if (!options.password.empty()) gst_rtsp_server_set_auth(server_.Get(), MakeAuth(options).Get());
  Connect(server_.Get(), "client-connected", G_CALLBACK(OnConnected), state_);
}

GRef<GstRTSPAuth> RtspServer::MakeAuth(const Options& options) {
  GRef<GstRTSPAuth> out = Adopt(gst_rtsp_auth_new());
  // Basic would send the password as it is.
  gst_rtsp_auth_set_supported_methods(out.Get(), GST_RTSP_AUTH_DIGEST);
  GstRTSPToken* token =
      gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, kViewerRole, nullptr);
  gst_rtsp_auth_add_digest(out.Get(), options.user.c_str(), options.password.c_str(), token);
  gst_rtsp_token_unref(token);
  return out;
}

Status RtspServer::Listen(const Options& options) {
  GErrorPtr error;
  listening_ = gst_rtsp_server_create_source(server_.Get(), nullptr, Out(error));
  if (listening_ == nullptr) {
    return Fail(ErrorKind::kUnavailable,
                Concat("the restream cannot listen on ", options.host, " port ", options.port),
                error ? error->message : "");
  }
  g_source_attach(listening_, thread_.context());
  port_ = uint16_t(gst_rtsp_server_get_bound_port(server_.Get()));
  looking_ = g_timeout_source_new_seconds(kLookSeconds);
  struct Looking {
    StatePtr state;
    GRef<GstRTSPSessionPool> sessions;
  };
  g_source_set_callback(
      looking_,
      [](gpointer data) noexcept -> gboolean {
        const auto& looking = *static_cast<Looking*>(data);
        looking.state->clients.Look(looking.state->clock.Mono());
        // Clients by UDP that say nothing for a minute.
        gst_rtsp_session_pool_cleanup(looking.sessions.Get());
        return G_SOURCE_CONTINUE;
      },
      new Looking{state_, Adopt(gst_rtsp_server_get_session_pool(server_.Get()))},
      [](gpointer data) noexcept { delete static_cast<Looking*>(data); });
  g_source_attach(looking_, thread_.context());
  return {};
}

RtspServer::~RtspServer() {
  EndSource(listening_);
  state_->clients.CutAll();
  state_->clients.WaitUntilNone(kLastWords);
  EndSource(looking_);
}

void RtspServer::Add(const std::string& path, std::shared_ptr<Feed> feed) {
  const GRef<GstRTSPMountPoints> mounts = Adopt(gst_rtsp_server_get_mount_points(server_.Get()));
  gst_rtsp_mount_points_add_factory(mounts.Get(), path.c_str(), MakeMediaFactory(feed).Release());
  const std::lock_guard lock(state_->mutex);
  state_->feeds[path] = std::move(feed);
}

void RtspServer::Remove(const std::string& path) {
  const GRef<GstRTSPMountPoints> mounts = Adopt(gst_rtsp_server_get_mount_points(server_.Get()));
  gst_rtsp_mount_points_remove_factory(mounts.Get(), path.c_str());
  const std::lock_guard lock(state_->mutex);
  state_->feeds.erase(path);
}

// --- Threads of the RTSP server
// -------------------------------------------------------------------

void RtspServer::Connect(gpointer instance, const char* signal, GCallback callback,
                         const StatePtr& state) {
  g_signal_connect_data(
      instance, signal, callback, new StatePtr(state),
      [](gpointer data, GClosure*) noexcept { delete static_cast<StatePtr*>(data); },
      GConnectFlags(0));
}

/// DESCRIBE or SETUP: whether there is such a stream, and a picture.
GstRTSPStatusCode RtspServer::OnAsked(GstRTSPClient*, GstRTSPContext* context,
                                      gpointer data) noexcept {
  const char* path = context->uri != nullptr ? context->uri->abspath : nullptr;
  const auto feed = path != nullptr ? In(data).Find(path) : nullptr;
  if (!feed) return GST_RTSP_STS_NOT_FOUND;
  return feed->Await(kFirstPicture) ? GST_RTSP_STS_OK : GST_RTSP_STS_SERVICE_UNAVAILABLE;
}

void RtspServer::OnPlay(GstRTSPClient* client, GstRTSPContext*, gpointer data) noexcept {
  State& state = In(data);
  state.clients.SetPlaying(client, true, state.clock.Mono());
}

void RtspServer::OnPause(GstRTSPClient* client, GstRTSPContext*, gpointer data) noexcept {
  State& state = In(data);
  state.clients.SetPlaying(client, false, state.clock.Mono());
}

void RtspServer::OnClosed(GstRTSPClient* client, gpointer data) noexcept {
  In(data).clients.Closed(client);
}

void RtspServer::OnConnected(GstRTSPServer*, GstRTSPClient* client, gpointer data) noexcept {
  const StatePtr& state = *static_cast<StatePtr*>(data);
  state->clients.Opened(client, state->clock.Mono());
  Connect(client, "pre-describe-request", G_CALLBACK(OnAsked), state);
  Connect(client, "pre-setup-request", G_CALLBACK(OnAsked), state);
  Connect(client, "play-request", G_CALLBACK(OnPlay), state);
  Connect(client, "pause-request", G_CALLBACK(OnPause), state);
  Connect(client, "teardown-request", G_CALLBACK(OnPause), state);
  Connect(client, "closed", G_CALLBACK(OnClosed), state);
}

}  // namespace ronin::restream
