// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "base/signal_connection.h"
#include "http/connection.h"
#include "http/soup_types.h"
#include "http/web_socket.h"

namespace ronin::http {

/// A WebSocket on a connection of ours, framed by libsoup. What is queued is what was handed to
/// libsoup, with the frames' heads, less what the wire has written. Owner: the connection and the
/// handler. Thread: main.
class SoupWebSocket final : public WebSocket,
                            public Occupant,
                            public std::enable_shared_from_this<SoupWebSocket> {
 public:
  struct Limits {
    size_t message_bytes;
    size_t queue_bytes;
  };

  SoupWebSocket(GRef<SoupWebsocketConnection> soup, RequestPtr request, std::string protocol,
                const std::shared_ptr<Connection>& via, Limits limits);
  ~SoupWebSocket() override;

  void SendText(std::string_view text) override;
  void SendBinary(const GRef<GBytes>& bytes) override;
  void Close(uint16_t code, std::string_view reason) override;
  bool open() const override;
  size_t queued_bytes() const override;

  void Abandon() override;
  void OnConnectionCut() override {}  // libsoup reads all the time, so it sees the end
  void OnConnectionClosed() override { Ended(); }

 private:
  void Send(SoupWebsocketDataType type, GBytes* bytes);
  void OnMessage(int type, GBytes* bytes);
  void Ended();

  GRef<SoupWebsocketConnection> soup_;  // null once it has ended
  std::weak_ptr<Connection> via_;       // weak: the connection owns this
  std::shared_ptr<Wire> wire_;          // shared with libsoup's stream
  Limits limits_;
  uint64_t framed_ = 0;
  std::vector<SignalConnection> signals_;
};

}  // namespace ronin::http
