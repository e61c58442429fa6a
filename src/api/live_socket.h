// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "api/context.h"
#include "api/live_messages.h"
#include "base/mailbox.h"
#include "base/source.h"

namespace ronin::api {

/// WebSocket /api/live: any number of live streams on one socket, each on a channel of its own; see
/// LiveViewer. Thread: main.
class LiveSocket {
 public:
  static constexpr size_t kMostSockets = 256;
  static constexpr size_t kMostChannels = 128;  ///< of one socket: main and sub of 64 cameras

  explicit LiveSocket(const ApiContext& context);
  ~LiveSocket();

  size_t sockets() const { return sessions_.size(); }
  size_t channels() const;

 private:
  /// One socket.
  struct Session;

  void Opened(std::shared_ptr<http::WebSocket> socket);
  void Heard(Session& session, std::string_view text);
  void Subscribe(Session& session, const LiveSubscribe& request);
  void Refuse(Session& session, const LiveError& error);
  void Closed(Session* session);
  void Look();

  const ApiContext& context_;
  ChannelMessages messages_;
  std::vector<std::unique_ptr<Session>> sessions_;
  Source look_;  // while there are any
  Mailbox mailbox_;
};

}  // namespace ronin::api
