// SPDX-License-Identifier: MIT
#include "camera/socket_meter.h"

#include <algorithm>
#include <cstddef>
#include <linux/tcp.h>
#include <optional>
#include <utility>

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace ronin::camera {
namespace {

/// What a program has read from a TCP socket in its whole life.
std::optional<uint64_t> BytesRead(int socket) {
  tcp_info info = {};
  socklen_t size = sizeof info;
  int waiting = 0;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
      ioctl(socket, FIONREAD, &waiting) != 0 ||
      size < offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) {
    return std::nullopt;
  }
  return info.tcpi_bytes_received - std::min(uint64_t(waiting), uint64_t(info.tcpi_bytes_received));
}

}  // namespace

void SocketMeter::Follow(UniqueFd socket) {
  const uint64_t read = BytesRead(socket.Get()).value_or(0);
  std::lock_guard lock(mutex_);
  if (ended_ && socket) shutdown(socket.Get(), SHUT_RDWR);
  socket_ = std::move(socket);
  read_ = read;
}

bool SocketMeter::IsTooMuch(uint64_t messages) {
  std::lock_guard lock(mutex_);
  const auto read = socket_ ? BytesRead(socket_.Get()) : std::nullopt;
  if (!read) return false;
  if (messages != std::exchange(messages_, messages)) read_ = *read;
  return *read > read_ + kMost;
}

bool SocketMeter::End() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  const bool any = bool(socket_);
  if (any) shutdown(socket_.Get(), SHUT_RDWR);
  socket_.Reset();
  return any;
}

}  // namespace ronin::camera
