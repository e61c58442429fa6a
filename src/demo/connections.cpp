// SPDX-License-Identifier: MIT
#include "demo/connections.h"

#include <algorithm>

namespace ronin::demo {

void Connections::Opened(GstRTSPClient* client) {
  GstRTSPConnection* connection = gst_rtsp_client_get_connection(client);
  g_signal_connect(client, "get-parameter-request",
                   G_CALLBACK(+[](GstRTSPClient*, GstRTSPContext*, gpointer data) noexcept {
                     ++static_cast<Connections*>(data)->parameter_requests;
                   }),
                   this);
  const std::lock_guard lock(mutex_);
  peers_[client].socket = Share(gst_rtsp_connection_get_read_socket(connection));
}

void Connections::Closed(GstRTSPClient* client) {
  {
    const std::lock_guard lock(mutex_);
    peers_.erase(client);
    CountPlayers();
  }
  changed_.notify_all();
}

void Connections::SetPlaying(GstRTSPClient* client, bool playing) {
  const std::lock_guard lock(mutex_);
  const auto found = peers_.find(client);
  if (found == peers_.end()) return;
  found->second.playing = playing;
  CountPlayers();
}

/// With mutex_ held.
void Connections::CountPlayers() {
  stream_->players = int(
      std::count_if(peers_.begin(), peers_.end(), [](const auto& p) { return p.second.playing; }));
}

void Connections::CutAll() {
  const std::lock_guard lock(mutex_);
  for (const auto& [client, peer] : peers_) {
    g_socket_shutdown(peer.socket.Get(), TRUE, TRUE, nullptr);
  }
}

int Connections::count() const {
  const std::lock_guard lock(mutex_);
  return int(peers_.size());
}

bool Connections::WaitUntilNone(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return peers_.empty(); });
}

}  // namespace ronin::demo
