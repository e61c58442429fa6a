// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/g_ref.h"
#include "http/request.h"

namespace ronin::http {

/// One open WebSocket, as its handler sees it. Messages without compression; each is one send.
///
/// What is queued is bounded: what is handed to the connection is counted until the kernel took it
/// (queued_bytes(); short by the pongs that libsoup sends by itself, 127 bytes each at most), and
/// past Server::Options::web_socket_queue_limit the socket is closed with code 1013 ("try again
/// later"). So a sender looks at queued_bytes() or congested() and drops, instead of waiting for
/// that. What the kernel and the network hold (some hundred KiB) is not in the count: only
/// acknowledgements of the application see that.
///
/// A peer that vanished without a word is noticed by the kernel's TCP_USER_TIMEOUT when data is
/// under way, and by TCP keepalive when not; a peer that is there but does not read is noticed by
/// the write deadline. Neither needs a pong, which libsoup before 3.5.1 does not check.
///
/// Owner: shared by the server and by the handler, which may let go of it after on_closed.
/// Thread: main.
class WebSocket {
 public:
  virtual ~WebSocket() = default;

  /// Never fail: on a socket that is closing they do nothing. Text must be UTF-8 without NUL.
  virtual void SendText(std::string_view text) = 0;
  virtual void SendBinary(const GRef<GBytes>& bytes) = 0;  ///< copied once by libsoup
  /// Starts the closing handshake; on_closed follows, at the latest after 5 s. `reason` is cut to
  /// 123 bytes.
  virtual void Close(uint16_t code, std::string_view reason) = 0;

  virtual bool open() const = 0;
  /// Bytes that wait in this process to be written to the peer.
  virtual size_t queued_bytes() const = 0;
  /// More than 1 MiB waits: send nothing that can be left out.
  bool congested() const { return queued_bytes() > kCongestedBytes; }

  /// The request that opened it: query, headers, remote address.
  const RequestPtr& request() const { return request_; }
  /// The subprotocol that was agreed; empty if the client asked for none.
  const std::string& protocol() const { return protocol_; }

  static constexpr size_t kCongestedBytes = 1024 * 1024;

  // Set these in the handler that gets the socket. They may destroy it.
  std::function<void(std::string_view)> on_text;
  std::function<void(std::string_view)> on_binary;
  /// Last call of all, once; 1006 if the peer gave no code. Not called when the Server is
  /// destroyed.
  std::function<void(uint16_t code)> on_closed;

 protected:
  WebSocket(RequestPtr request, std::string protocol)
      : request_(std::move(request)), protocol_(std::move(protocol)) {}

 private:
  RequestPtr request_;
  std::string protocol_;
};

using WebSocketHandler = std::function<void(std::shared_ptr<WebSocket>)>;

}  // namespace ronin::http
