// SPDX-License-Identifier: MIT
#include "restream/clients.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <utility>

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace ronin::restream {

void Clients::Opened(GstRTSPClient* client, MonoTime now) {
  GstRTSPConnection* connection = gst_rtsp_client_get_connection(client);
  Client one{.socket = Share(gst_rtsp_connection_get_read_socket(connection)),
             .since = now,
             .progress = now};
  const std::lock_guard lock(mutex_);
  if (clients_.size() >= limits_.most) Cut(one);
  clients_[client] = std::move(one);
}

void Clients::Closed(GstRTSPClient* client) {
  {
    const std::lock_guard lock(mutex_);
    clients_.erase(client);
  }
  changed_.notify_all();
}

void Clients::SetPlaying(GstRTSPClient* client, bool playing, MonoTime now) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(client);
  if (found == clients_.end()) return;
  found->second.playing = playing;
  found->second.since = now;
}

/// Whether it has acknowledged something since the last look, or has nothing to acknowledge.
bool Clients::Progresses(Client& client) {
  const int fd = g_socket_get_fd(client.socket.Get());
  int waiting = 0;
  if (ioctl(fd, SIOCOUTQ, &waiting) != 0 || waiting == 0) return true;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return true;
  return std::exchange(client.taken, info.tcpi_bytes_acked) != info.tcpi_bytes_acked;
}

void Clients::Look(MonoTime now) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, client] : clients_) {
    if (Progresses(client)) client.progress = now;
    const bool stalled = now - client.progress > limits_.stalled;
    const bool idle = !client.playing && now - client.since > limits_.idle;
    if (stalled || idle) Cut(client);
  }
}

void Clients::Cut(const Client& client) {
  g_socket_shutdown(client.socket.Get(), TRUE, TRUE, nullptr);
}

void Clients::CutAll() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, client] : clients_) Cut(client);
}

bool Clients::WaitUntilNone(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return clients_.empty(); });
}

size_t Clients::count() const {
  const std::lock_guard lock(mutex_);
  return clients_.size();
}

}  // namespace ronin::restream
