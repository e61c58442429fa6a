// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

namespace ronin::testing {

/// A port of this machine that drops every packet: the queue of its listener is full.
class SilentPort {
 public:
  SilentPort() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(listener_, any, size);
    listen(listener_, 0);
    getsockname(listener_, any, &size);
    port_ = ntohs(address.sin_port);
    for (int& client : clients_) {
      client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      connect(client, any, size);
    }
  }
  ~SilentPort() {
    for (const int client : clients_) close(client);
    close(listener_);
  }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;

  uint16_t port() const { return port_; }
  std::string url() const { return Concat("rtsp://127.0.0.1:", port_, "/stream"); }

 private:
  int listener_ = -1;
  uint16_t port_ = 0;
  std::array<int, 8> clients_{};
};

}  // namespace ronin::testing
